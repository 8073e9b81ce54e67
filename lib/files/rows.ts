/**
 * Rows of numbers that need not be in memory.
 *
 * @module
 */

/** Rows of numbers, such as the hidden states of a layer, wherever they lie. */
export interface Rows {
  /** How many rows there are. */
  readonly count: number;
  /** How many numbers a row has. */
  readonly width: number;
  /** Rows `first` up to but not including `first + count`; the caller does not change them. */
  read(first: number, count: number): Float32Array<ArrayBuffer>;
  /** All of them, if they lie in memory that threads share: handed over, they are not copied. */
  readonly shared?: Float32Array<SharedArrayBuffer> | undefined;
}

/**
 * Rows that are in memory.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rowsInMemory } from "@coact/coact";
 *
 * const rows = rowsInMemory(Float32Array.of(1, 2, 3, 4), 2);
 * assert.deepEqual(rows.read(1, 1), Float32Array.of(3, 4));
 * ```
 */
export function rowsInMemory(values: Float32Array<ArrayBuffer>, width: number): Rows {
  return {
    count: values.length / width,
    width,
    read: (first, count) => values.subarray(first * width, (first + count) * width),
  };
}

/** Rows that are in memory which threads share; what is read of them is a copy. */
export function sharedRows(shared: Float32Array<SharedArrayBuffer>, width: number): Rows {
  return {
    count: shared.length / width,
    width,
    read: (first, count) =>
      new Float32Array(shared.subarray(first * width, (first + count) * width)),
    shared,
  };
}

/** Rows of more bytes than these are not copied. */
const MOST_COPIED = 32 * 2 ** 20;

/**
 * The same rows for whoever reads them several times: those that threads share are copied once, if they are
 * not too many, and not at each reading.
 */
export function copiedOnce(rows: Rows): Rows {
  const { shared } = rows;
  if (shared === undefined) return rows;
  const copied = madeOnce(rows);
  return copied === rows ? rows : { ...copied, shared };
}

/** The same rows for whoever reads them several times: they are made or copied once, if they are not too many. */
export function madeOnce(rows: Rows): Rows {
  const { count, width } = rows;
  return 4 * count * width > MOST_COPIED ? rows : rowsInMemory(rows.read(0, count), width);
}
