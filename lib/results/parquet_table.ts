/**
 * Tables as Parquet files, which pandas, polars and Arrow read.
 *
 * @module
 */
import type { ByteWriter, ParquetWriter } from "hyparquet-writer";

/** A column of some rows. */
export interface TableColumn {
  /** Its name. */
  readonly name: string;
  /** What its values are, by Parquet's names. */
  readonly type: "STRING" | "BOOLEAN" | "INT32" | "DOUBLE";
  /** The values; null, or NaN among numbers, where there is none. */
  readonly values: readonly (string | boolean | null)[] | Int32Array | Float64Array;
}

/** A Parquet file that is made some rows at a time; nothing of it is kept but where its parts lie. */
export class ParquetFile {
  #writer: ParquetWriter | undefined;
  #bytes: ByteWriter | undefined;

  /**
   * Adds rows.
   *
   * @param columns All have as many values; names and types are the same each time.
   * @returns The bytes that come next in the file.
   */
  async add(columns: readonly TableColumn[]): Promise<Uint8Array<ArrayBuffer>> {
    // Only here, so that whoever writes no table need not wait for what writes one.
    const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
    const columnData = columns.map(({ name, type, values }) => ({
      name,
      type,
      data: withNull(values),
      nullable: true,
    }));
    this.#bytes ??= new ByteWriter();
    this.#writer ??= new ParquetWriter({
      writer: this.#bytes,
      schema: schemaFromColumnData({ columnData }),
      createdBy: "coact",
    });
    const data = columnData.map(({ name, data }) => ({ name, data }));
    await this.#writer.write({ columnData: data, rowGroupSize: columnData[0]!.data.length });
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0; // what was handed over is not kept
    return bytes;
  }

  /** The last bytes: where everything lies. None if there are no rows. */
  async end(): Promise<Uint8Array<ArrayBuffer>> {
    await this.#writer?.finish();
    return this.#bytes?.getBytes().slice() ?? new Uint8Array(0);
  }
}

/**
 * Values as the writer takes them: null where there is none. Numbers stay as they are where each exists,
 * which is several times as fast as a list.
 */
function withNull(
  values: TableColumn["values"],
): (string | number | boolean | null)[] | Int32Array | Float64Array {
  if (!(values instanceof Float64Array)) return values instanceof Int32Array ? values : [...values];
  let lacking = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) lacking++;
  if (lacking === 0) return values;
  const some = new Array<number | null>(values.length);
  for (let i = 0; i < values.length; i++) some[i] = Number.isNaN(values[i]!) ? null : values[i]!;
  return some;
}
