/**
 * A column of a table: typed arrays, and not a value for each row where all are the same.
 *
 * @module
 */

/** The same value in each of some rows. */
export interface SameValues {
  /** The value. */
  readonly same: string | number;
  /** How many rows have it. */
  readonly count: number;
}

/** What stands in the place of a flag where there is none. */
export const NO_FLAG = 2;

/**
 * The values of a column: numbers, NaN where there is none; whole numbers; flags, 1 or 0, and
 * {@linkcode NO_FLAG} where there is none; or the same everywhere, a text or a whole number.
 */
export type TableValues =
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | SameValues;

/** A column of some rows. */
export interface TableColumn {
  /** Its name. */
  readonly name: string;
  /** What its values are, by Parquet's names. */
  readonly type: "STRING" | "BOOLEAN" | "INT32" | "DOUBLE";
  /** The values. */
  readonly values: TableValues;
}

/** A value; null where there is none. */
export function valueAt(values: TableValues, row: number): string | number | boolean | null {
  if (!ArrayBuffer.isView(values)) return values.same;
  const value = values[row]!;
  if (values instanceof Uint8Array) return value === NO_FLAG ? null : value === 1;
  return Number.isNaN(value) ? null : value;
}
