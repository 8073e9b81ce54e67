/**
 * Tables as Parquet files, which pandas, polars and Arrow read.
 *
 * @module
 */
import type { ParquetWriter } from "hyparquet-writer";

/** A column of some rows. */
export interface TableColumn {
  /** Its name. */
  readonly name: string;
  /** What its values are, by Parquet's names. */
  readonly type: "STRING" | "BOOLEAN" | "INT32" | "DOUBLE";
  /** The values; null, or NaN among numbers, where there is none. */
  readonly values: readonly (string | boolean | null)[] | Int32Array | Float64Array;
}

/**
 * The bytes of a Parquet file, some at a time.
 *
 * @param parts The columns of some rows, then those of the next; all have the same names and types.
 */
export async function* parquetBytes(
  parts: AsyncIterable<readonly TableColumn[]>,
): AsyncGenerator<Uint8Array> {
  // Only here, so that whoever writes no table need not wait for what writes one.
  const writer = await import("hyparquet-writer");
  const bytes = new writer.ByteWriter();
  let parquet: ParquetWriter | undefined;
  for await (const columns of parts) {
    const columnData = columns.map(({ name, type, values }) => ({
      name,
      type,
      data: withNull(values),
      nullable: true,
    }));
    parquet ??= new writer.ParquetWriter({
      writer: bytes,
      schema: writer.schemaFromColumnData({ columnData }),
      createdBy: "coact",
    });
    const data = columnData.map(({ name, data }) => ({ name, data }));
    await parquet.write({ columnData: data, rowGroupSize: columnData[0]!.data.length });
    yield bytes.getBytes().slice();
    bytes.index = 0; // what was handed over is not kept
  }
  if (parquet === undefined) return;
  await parquet.finish();
  yield bytes.getBytes();
}

/**
 * Values as the writer takes them: null where there is none. Numbers stay as they are where each exists,
 * which is several times as fast as a list.
 */
function withNull(
  values: TableColumn["values"],
): (string | number | boolean | null)[] | Int32Array | Float64Array {
  if (!(values instanceof Float64Array)) return values instanceof Int32Array ? values : [...values];
  if (!values.some(Number.isNaN)) return values;
  return Array.from(values, (value) => Number.isNaN(value) ? null : value);
}
