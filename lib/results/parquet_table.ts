/**
 * Tables as Parquet files, which pandas, polars and Arrow read.
 *
 * @module
 */
import type { ColumnChunk } from "hyparquet";
import type { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { TableColumn } from "./table_column.ts";

/** A Parquet file that is made some rows at a time; nothing of it is kept but where its parts lie. */
export class ParquetFile {
  #writer: ParquetWriter | undefined;
  #bytes: ByteWriter | undefined;

  /**
   * Adds rows. `hyparquet-writer` writes what says where they lie; values, which it looks at several times
   * each, are written from typed arrays.
   *
   * @param columns All have as many values, at least one; names and types are the same each time.
   * @returns The bytes that come next in the file.
   */
  async add(columns: readonly TableColumn[]): Promise<Uint8Array<ArrayBuffer>> {
    // Only here, so that whoever writes no table need not wait for what writes one.
    const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
    const { writeColumn } = await import("./parquet_column.ts");
    const bytes = this.#bytes ??= new ByteWriter();
    const writer = this.#writer ??= new ParquetWriter({
      writer: bytes,
      schema: schemaFromColumnData({
        columnData: columns.map(({ name, type }) => ({ name, type, data: [], nullable: true })),
      }),
      createdBy: "coact",
    });
    const start = bytes.offset;
    const chunks = columns.map((column) => writeColumn(bytes, column));
    const { rows } = chunks[0]!;
    const size = BigInt(bytes.offset - start);
    writer.num_rows += rows;
    writer.row_groups.push({
      columns: chunks.map(({ chunk }) => chunk as ColumnChunk),
      num_rows: rows,
      total_byte_size: size, // nothing is compressed
      total_compressed_size: size,
    });
    const added = bytes.getBytes().slice();
    bytes.index = 0; // what was handed over is not kept
    return added;
  }

  /** The last bytes: where everything lies. None if there are no rows. */
  async end(): Promise<Uint8Array<ArrayBuffer>> {
    await this.#writer?.finish();
    return this.#bytes?.getBytes().slice() ?? new Uint8Array(0);
  }
}
