/**
 * The weights of an SAE, a row for each feature, that need not be in memory: an encoder of a million
 * features takes nine gigabytes. Whoever computes with them reads some neighbouring rows at a time.
 *
 * @module
 */

/** Neighbouring features of an SAE. */
export interface FeatureRange {
  /** The first. */
  readonly first: number;
  /** How many. */
  readonly count: number;
}

/** A matrix with a row for each feature: of an encoder W, of a decoder W turned round. */
export interface FeatureRows {
  /** How many numbers a row has: d_model. */
  readonly width: number;
  /**
   * Reads the rows of neighbouring features, `[count, width]`. The caller does not change them.
   *
   * @throws {InputError} If they are damaged, or one of their numbers is not finite.
   */
  read(first: number, count: number): Promise<Float32Array<ArrayBuffer>>;
  /** Is told which rows are asked for next, once those that were read are at work. */
  ahead?(first: number, count: number): void;
  /**
   * Gives the memory of rows back that were read and are nobody else's, at once: JavaScript itself
   * does it late, when ten chunks are there. Whoever read them uses them no more. Absent: they are a
   * part of what stays in memory.
   */
  release?(rows: Float32Array<ArrayBuffer>): void;
  /** Whether few of them are read as fast as many, for they lie one after the other. Default: no. */
  readonly isEvenlyRead?: boolean | undefined;
  /**
   * Reads some numbers of the rows of neighbouring features as columns, `[depth.count, range.count]`,
   * where that is as the file has them. They are the caller's.
   *
   * @param depth Which numbers of each row.
   * @throws {InputError} As `read` does.
   */
  readColumns?(range: FeatureRange, depth: FeatureRange): Promise<Float32Array<ArrayBuffer>>;
  /**
   * The matrix `[width, features]` of which they are the columns, where it lies in memory like that:
   * for whoever wants no rows of it.
   */
  readonly columns?: Float32Array<ArrayBuffer>;
  /** The greatest magnitude in it, if whoever read it has looked. */
  readonly greatest?: number;
  /** By what another thread reads the same rows, if one can: it is data, for whoever gave it. */
  readonly elsewhere?: unknown;
}

/** Gives the memory of numbers back; the array has none of them any more. */
export function freeNumbers(values: Float32Array<ArrayBuffer>): void {
  values.buffer.transfer(0);
}

/**
 * Reads the rows of neighbouring features for as long as something is done with them.
 *
 * @throws {InputError} If they are damaged, or one of their numbers is not finite.
 */
export async function withRows<T>(
  source: FeatureRows,
  { first, count }: FeatureRange,
  use: (rows: Float32Array<ArrayBuffer>) => T | Promise<T>,
): Promise<T> {
  const rows = await source.read(first, count);
  try {
    return await use(rows);
  } finally {
    source.release?.(rows);
  }
}

/** Columns that are turned round at a time, so that both sides stay in the caches. */
const BLOCK = 32;

/**
 * Rows that are all in memory.
 *
 * @param weight `[features, width]`, rows first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wholeRows } from "@coact/coact";
 *
 * const rows = wholeRows(Float32Array.of(1, 2, 3, 4, 5, 6), 2); // three features
 * assert.deepEqual(await rows.read(1, 2), Float32Array.of(3, 4, 5, 6));
 * ```
 */
export function wholeRows(weight: Float32Array<ArrayBuffer>, width: number): FeatureRows {
  return {
    width,
    read: (first, count) =>
      Promise.resolve(weight.subarray(first * width, (first + count) * width)),
  };
}

/**
 * The same of a matrix with a column for each feature, as decoders often are.
 *
 * @param weight `[width, features]`, rows first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wholeColumns } from "@coact/coact";
 *
 * const rows = wholeColumns(Float32Array.of(1, 2, 3, 4, 5, 6), 2); // three features
 * assert.deepEqual(await rows.read(1, 2), Float32Array.of(2, 5, 3, 6));
 * ```
 */
export function wholeColumns(weight: Float32Array<ArrayBuffer>, width: number): FeatureRows {
  const features = weight.length / width;
  return {
    width,
    columns: weight,
    read(first, count) {
      const rows = new Float32Array(count * width);
      const columns = { first, count, of: features };
      turnColumns(weight, columns, rows, { start: 0, width });
      return Promise.resolve(rows);
    },
    release: freeNumbers,
  };
}

/**
 * Writes columns of a matrix as parts of rows.
 *
 * @param matrix Rows first; `of` numbers a row.
 * @param columns Which of its columns.
 * @param rows Where each column becomes a part of a row of `width` numbers, from `start` on.
 */
export function turnColumns(
  matrix: Float32Array,
  { first, count, of }: FeatureRange & { readonly of: number },
  rows: Float32Array,
  { start, width }: { readonly start: number; readonly width: number },
): void {
  const height = matrix.length / of;
  for (let top = 0; top < height; top += BLOCK) {
    const bottom = Math.min(height, top + BLOCK);
    for (let column = 0; column < count; column++) {
      const to = column * width + start;
      let from = top * of + first + column;
      for (let row = top; row < bottom; row++, from += of) rows[to + row] = matrix[from]!;
    }
  }
}

/**
 * Reads the rows of some features, `[features, width]`; neighbours in one go.
 *
 * @param features Their numbers, in any order.
 */
export async function readRowsOf(
  source: FeatureRows,
  features: readonly number[],
): Promise<Float32Array<ArrayBuffer>> {
  const { width } = source;
  const rows = new Float32Array(features.length * width);
  for (let start = 0; start < features.length;) {
    let end = start + 1;
    while (end < features.length && features[end] === features[end - 1]! + 1) end++;
    const range = { first: features[start]!, count: end - start };
    const at = start * width;
    await withRows(source, range, (some) => rows.set(some, at));
    start = end;
  }
  return rows;
}
