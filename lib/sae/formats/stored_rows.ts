/**
 * The rows of features in a file, in coact's order, whichever way its owner lays them out; some
 * features are read at a time.
 *
 * @module
 */
import { type TensorFile, tensorNamed } from "../../tensors/tensor_file.ts";
import { type FeatureRange, type FeatureRows, freeNumbers, turnColumns } from "../feature_rows.ts";
import { CHUNK_BYTES, rangesOf } from "../feature_ranges.ts";
import { sizesOf } from "./tensor_checks.ts";

/** How much of a chunk is read at a time where it is converted or turned round, in bytes. */
const PIECE_BYTES = 8 * 2 ** 20;

/** What becomes of the rows of features as they are read. */
export interface StoredRowsOptions {
  /** What they are multiplied with, one after the other: a number for all, or one a feature. */
  readonly factors?: readonly (number | ArrayLike<number>)[] | undefined;
  /** Matrices up to so many bytes, in float32, are read once and stay. Default: a chunk's. */
  readonly wholeBytes?: number | undefined;
  /** How much of a chunk is converted or turned round at a time, in bytes. Default: 8 MiB. */
  readonly pieceBytes?: number | undefined;
}

/**
 * The rows of a matrix `[features, width]` in a file, read when they are asked for.
 *
 * @throws {InputError} If it is missing or no matrix.
 */
export function storedRows(
  file: TensorFile,
  name: string,
  options: StoredRowsOptions = {},
): FeatureRows {
  const [featureCount, width] = sizesOf(file, name);
  const { pieceBytes = PIECE_BYTES } = options;
  const read = async ({ first, count }: FeatureRange) => {
    const { dataType, layout } = tensorNamed(file, name);
    const features = { start: first, end: first + count };
    if (layout === "deflated" || (layout === undefined && dataType === "float32")) {
      return await file.read(name, features);
    }
    const rows = new Float32Array(count * width);
    if (layout === undefined) {
      for (const part of rangesOf({ featureCount: count, width }, pieceBytes)) {
        const start = first + part.first;
        const values = await file.read(name, { start, end: start + part.count });
        rows.set(values, part.first * width);
        freeNumbers(values);
      }
      return rows;
    }
    // Each column lies together.
    for (const part of rangesOf({ featureCount: width, width: count }, pieceBytes)) {
      const columns = { start: part.first, end: part.first + part.count };
      const values = await file.read(name, features, columns);
      for (let row = 0; row < count; row++) {
        const own = values.subarray(row * part.count, (row + 1) * part.count);
        rows.set(own, row * width + part.first);
      }
      freeNumbers(values);
    }
    return rows;
  };
  const isEvenlyRead = tensorNamed(file, name).layout === undefined;
  return readOnce({ featureCount, width }, { read, isEvenlyRead }, options);
}

/**
 * The columns of a matrix `[width, features]` in a file, read when they are asked for, as rows.
 *
 * @throws {InputError} If it is missing or no matrix.
 */
export function storedColumns(
  file: TensorFile,
  name: string,
  options: StoredRowsOptions = {},
): FeatureRows {
  const [width, featureCount] = sizesOf(file, name);
  const { pieceBytes = PIECE_BYTES } = options;
  const read = async ({ first, count }: FeatureRange) => {
    const { layout } = tensorNamed(file, name);
    const rows = new Float32Array(count * width);
    const piece = async (features: FeatureRange, from: FeatureRange) => {
      const { first: start, count: height } = from;
      const columns = { start: features.first, end: features.first + features.count };
      const values = await file.read(name, { start, end: start + height }, columns);
      const own = rows.subarray((features.first - first) * width);
      turnColumns(values, { first: 0, count: features.count, of: features.count }, own, {
        start,
        width,
      });
      freeNumbers(values);
    };
    const all = { first: 0, count: width };
    if (layout === "deflated") {
      await piece({ first, count }, all);
    } else if (layout === "strided") { // each column lies together
      for (const part of rangesOf({ featureCount: count, width }, pieceBytes)) {
        await piece({ first: first + part.first, count: part.count }, all);
      }
    } else {
      for (const part of rangesOf({ featureCount: width, width: count }, pieceBytes)) {
        await piece({ first, count }, part);
      }
    }
    return rows;
  };
  const isAsStored = tensorNamed(file, name).layout === undefined;
  const readColumns = async ({ first, count }: FeatureRange, depth: FeatureRange) => {
    const features = { start: first, end: first + count };
    const places = { start: depth.first, end: depth.first + depth.count };
    return await file.read(name, places, features);
  };
  const reading = { read, ...(isAsStored && { readColumns }) };
  return readOnce({ featureCount, width }, reading, options);
}

/** How a matrix is read. */
interface Reading {
  read: (range: FeatureRange) => Promise<Float32Array<ArrayBuffer>>;
  isEvenlyRead?: boolean;
  readColumns?: FeatureRows["readColumns"];
}

/** What fits into one chunk is read once, whoever asks for how little of it, and stays. */
function readOnce(
  { featureCount, width }: { featureCount: number; width: number },
  { read, isEvenlyRead, readColumns }: Reading,
  { factors = [], wholeBytes = CHUNK_BYTES }: StoredRowsOptions,
): FeatureRows {
  const isSmall = 4 * featureCount * width <= wholeBytes;
  let all: Promise<Float32Array<ArrayBuffer>> | undefined;
  const factorsOf = ({ first, count }: FeatureRange) =>
    factors.map((each) =>
      typeof each === "number"
        ? [each]
        : Float64Array.from({ length: count }, (_, row) => each[first + row]!)
    );
  const scaled = async (range: FeatureRange) => {
    const rows = await read(range);
    for (const own of factorsOf(range)) scaleRows(rows, own);
    return rows;
  };
  const scaledColumns = async (range: FeatureRange, depth: FeatureRange) => {
    const columns = await readColumns!(range, depth);
    for (const own of factorsOf(range)) scaleColumns(columns, own);
    return columns;
  };
  return {
    width,
    async read(first, count) {
      if (!isSmall) return await scaled({ first, count });
      all ??= scaled({ first: 0, count: featureCount });
      return (await all).subarray(first * width, (first + count) * width);
    },
    ...(!isSmall && { release: freeNumbers, isEvenlyRead }),
    ...(!isSmall && readColumns && { readColumns: scaledColumns }),
  };
}

/**
 * The rows of features in a file, however they lie there, read when they are asked for.
 *
 * @param isTransposed Whether the matrix is `[width, featureCount]`, and not `[featureCount, width]`.
 * @throws {InputError} If it is missing or no matrix.
 */
export function featureRows(
  file: TensorFile,
  name: string,
  isTransposed: boolean,
  options: StoredRowsOptions = {},
): FeatureRows {
  return (isTransposed ? storedColumns : storedRows)(file, name, options);
}

/** Multiplies each row of a matrix, in place; with one factor all of it. */
export function scaleRows(values: Float32Array, factors: ArrayLike<number>): void {
  const width = values.length / factors.length;
  for (let row = 0; row < factors.length; row++) {
    const factor = factors[row]!;
    for (let i = row * width; i < (row + 1) * width; i++) values[i] = values[i]! * factor;
  }
}

/** Multiplies each column of a matrix, in place; with one factor all of it. */
function scaleColumns(values: Float32Array, factors: ArrayLike<number>): void {
  const count = factors.length;
  for (let start = 0; start < values.length; start += count) {
    for (let i = 0; i < count; i++) values[start + i] = values[start + i]! * factors[i]!;
  }
}
