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

/** How many bytes of weights are read at a time, at most, but for one row that is longer. */
export const CHUNK_BYTES: number = 64 * 2 ** 20;

/**
 * Features are divided at multiples of this. ONNX Runtime's sums begin at an aligned address, so that
 * the order of a row's sum depends on where the row lies, unless it moves by whole cache lines.
 */
export const FEATURE_STEP = 16;

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
 * Cuts features into ranges whose rows take no more than so many bytes, in float32.
 *
 * @param bytes Default: {@linkcode CHUNK_BYTES}.
 */
export function* rangesOf(
  { featureCount, width }: { readonly featureCount: number; readonly width: number },
  bytes: number = CHUNK_BYTES,
): Generator<FeatureRange> {
  const most = Math.max(1, Math.floor(bytes / (4 * width)));
  for (let first = 0; first < featureCount; first += most) {
    yield { first, count: Math.min(most, featureCount - first) };
  }
}

/** How much is read at a time where a file has it so that more would not be faster, in bytes. */
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * Does something with all numbers of a matrix, some at a time, in whichever order their file has them.
 *
 * @param pieceBytes How many bytes are in memory at a time, where the file allows it. Default: 8 MiB.
 * @throws {InputError} If they are damaged, or one of them is not finite.
 */
export async function eachPiece(
  rows: FeatureRows,
  featureCount: number,
  use: (numbers: Float32Array) => void,
  pieceBytes: number = PIECE_BYTES,
): Promise<void> {
  const { width } = rows;
  if (rows.readColumns) {
    const all = { first: 0, count: featureCount };
    for (const depth of rangesOf({ featureCount: width, width: featureCount }, pieceBytes)) {
      const columns = await rows.readColumns(all, depth);
      use(columns);
      freeNumbers(columns);
    }
    return;
  }
  for (const range of piecesOf(rows, featureCount, pieceBytes)) await withRows(rows, range, use);
}

/**
 * Cuts the features into ranges that are as small as their file allows at little cost.
 *
 * @param pieceBytes How many bytes such a range has where rows lie one after the other, and half of
 * what it has where columns do. Default: 8 MiB.
 */
export function piecesOf(
  { width, isEvenlyRead, readColumns }: FeatureRows,
  featureCount: number,
  pieceBytes: number = PIECE_BYTES,
): Generator<FeatureRange> {
  const bytes = isEvenlyRead ? pieceBytes : readColumns ? 2 * pieceBytes : CHUNK_BYTES;
  return rangesOf({ featureCount, width }, bytes);
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
