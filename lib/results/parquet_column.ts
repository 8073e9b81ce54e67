/**
 * A column of some rows of a Parquet file: its pages, and where they lie.
 *
 * Source: https://parquet.apache.org/docs/file-format/
 *
 * @module
 */
import type { ColumnChunk, Encoding, ParquetType } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { encodeValues } from "./parquet_values.ts";
import type { TableColumn } from "./table_column.ts";

/** The physical type of each type. */
const PHYSICAL: Record<TableColumn["type"], ParquetType> = {
  STRING: "BYTE_ARRAY",
  BOOLEAN: "BOOLEAN",
  INT32: "INT32",
  DOUBLE: "DOUBLE",
};

/** Where the bytes of a file go: the `ByteWriter` of hyparquet-writer. */
export interface FileBytes {
  /** How many there are. */
  readonly offset: number;
  /** Adds some. */
  appendBytes(bytes: Uint8Array): void;
}

/** A column that was written. */
export interface WrittenColumn {
  /** How many rows it has. */
  readonly rows: bigint;
  /** What the end of the file says of it: a `ColumnChunk` of hyparquet. */
  readonly chunk: object;
}

/**
 * Writes a column: a dictionary if it has one, and its values in one page. Nothing is compressed: numbers
 * that differ do not become shorter, and a dictionary has shortened those that do not.
 *
 * @param file Where it goes.
 */
export function writeColumn(
  file: FileBytes,
  { name, type, values }: TableColumn,
): WrittenColumn {
  const writer = file as ByteWriter;
  const { rows, nulls, levels, dictionary, data, range } = encodeValues(values);
  const encoding: Encoding = dictionary === undefined ? "PLAIN" : "RLE_DICTIONARY";
  const start = writer.offset;
  if (dictionary !== undefined) {
    writePageHeader(writer, {
      type: "DICTIONARY_PAGE",
      uncompressed_page_size: dictionary.bytes.length,
      compressed_page_size: dictionary.bytes.length,
      dictionary_page_header: { num_values: dictionary.count, encoding: "PLAIN" },
    });
    writer.appendBytes(dictionary.bytes);
  }
  const page = writer.offset;
  writePageHeader(writer, {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: levels.length + data.length,
    compressed_page_size: levels.length + data.length,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: nulls,
      num_rows: rows,
      encoding,
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: false,
    },
  });
  writer.appendBytes(levels);
  writer.appendBytes(data);
  const size = BigInt(writer.offset - start);
  const statistics = {
    ...range && { min_value: range[0], max_value: range[1] },
    null_count: BigInt(nulls),
    ...type === "DOUBLE" && { nan_count: 0n },
  };
  const chunk: ColumnChunk = {
    meta_data: {
      type: PHYSICAL[type],
      encodings: dictionary === undefined ? [encoding] : ["PLAIN", encoding],
      path_in_schema: [name],
      codec: "UNCOMPRESSED",
      num_values: BigInt(rows),
      total_compressed_size: size,
      total_uncompressed_size: size,
      data_page_offset: BigInt(page),
      ...dictionary && { dictionary_page_offset: BigInt(start) },
      statistics,
      encoding_stats: [
        ...dictionary
          ? [{ page_type: "DICTIONARY_PAGE", encoding: "PLAIN", count: 1 }] as const
          : [],
        { page_type: "DATA_PAGE_V2", encoding, count: 1 },
      ],
    },
    file_offset: BigInt(start),
  };
  return { rows: BigInt(rows), chunk };
}
