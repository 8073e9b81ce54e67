/**
 * The weights of SAEs as their owners lay them out, brought into coact's order some features at a
 * time.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { shapeText } from "../../tensors/stored_tensor.ts";
import {
  CHUNK_BYTES,
  type FeatureRange,
  type FeatureRows,
  freeNumbers,
  rangesOf,
  turnColumns,
  withRows,
} from "../feature_rows.ts";
import { type TensorFile, tensorNamed } from "../../tensors/tensor_file.ts";

/** How much of a chunk is read at a time where it is converted or turned round, in bytes. */
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * Makes sure that a tensor has a shape.
 *
 * @throws {InputError} If it is missing, or has another one.
 */
export function expectShape(file: TensorFile, name: string, expected: readonly number[]): void {
  const { shape } = tensorNamed(file, name);
  if (shapeText(shape) === shapeText(expected)) return;
  throw new InputError(
    `${file.path}: tensor ${name} has shape ${shapeText(shape)}, expected ${shapeText(expected)}`,
  );
}

/**
 * The two sizes of a matrix.
 *
 * @throws {InputError} If it is missing, empty or no matrix.
 */
export function sizesOf(file: TensorFile, name: string): readonly [number, number] {
  const { shape } = tensorNamed(file, name);
  const [rows = 0, columns = 0] = shape;
  if (shape.length === 2 && rows > 0 && columns > 0) return [rows, columns];
  throw new InputError(
    `${file.path}: tensor ${name} has shape ${shapeText(shape)}, expected a matrix`,
  );
}

/** A matrix of features in a file: W of an encoder or of a decoder. */
export interface FeatureMatrix {
  /** How wide the states are that it takes, or gives. */
  readonly width: number;
  /** How many features it has. */
  readonly featureCount: number;
  /** The name of W. */
  readonly weight: string;
  /** Whether W lies as `[width, featureCount]` and not as `[featureCount, width]`. Default: no. */
  readonly isTransposed?: boolean | undefined;
}

/**
 * The rows of a matrix of features, read when they are asked for.
 *
 * @throws {InputError} If it is missing, or has another shape.
 */
export function matrixRows(
  file: TensorFile,
  { width, featureCount, weight, isTransposed = false }: FeatureMatrix,
  options: StoredRowsOptions = {},
): FeatureRows {
  expectShape(file, weight, isTransposed ? [width, featureCount] : [featureCount, width]);
  return featureRows(file, weight, isTransposed, options);
}

/**
 * A bias in a file, or zeros.
 *
 * @param name Its name; undefined if there is none.
 * @throws {InputError} If it is missing, of another length, damaged or not finite.
 */
export async function readBias(
  file: TensorFile,
  name: string | undefined,
  length: number,
): Promise<Float32Array<ArrayBuffer>> {
  if (name === undefined) return new Float32Array(length);
  expectShape(file, name, [length]);
  return await file.read(name);
}

/** What safetensors calls the types that a quantised tensor may have. */
const STORED_TYPES: Readonly<Record<string, string>> = {
  int8: "I8",
  uint8: "U8",
  int16: "I16",
  int32: "I32",
  int64: "I64",
  bool: "BOOL",
};

/**
 * Makes sure that tensors hold floating-point numbers, before any is read.
 *
 * @throws {InputError} If one is missing, or holds others, as a quantised one does.
 */
export function checkNumberTypes(file: TensorFile, names: readonly string[]): void {
  for (const name of names) {
    const { dataType } = tensorNamed(file, name);
    const stored = STORED_TYPES[dataType];
    if (stored === undefined) continue;
    throw new InputError(
      `${file.path}: tensor ${name} is ${dataType} (${stored}), expected floating-point numbers: ` +
        "coact does not undo a quantisation; take the weights as they were before it",
    );
  }
}

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
  return readOnce({ featureCount, width }, read, options);
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
  return readOnce({ featureCount, width }, read, options);
}

/** What fits into one chunk is read once, whoever asks for how little of it, and stays. */
function readOnce(
  { featureCount, width }: { featureCount: number; width: number },
  read: (range: FeatureRange) => Promise<Float32Array<ArrayBuffer>>,
  { factors = [], wholeBytes = CHUNK_BYTES }: StoredRowsOptions,
): FeatureRows {
  const isSmall = 4 * featureCount * width <= wholeBytes;
  let all: Promise<Float32Array<ArrayBuffer>> | undefined;
  const scaled = async (range: FeatureRange) => {
    const rows = await read(range);
    for (const each of factors) {
      const { first, count } = range;
      const own = typeof each === "number"
        ? [each]
        : Float64Array.from({ length: count }, (_, row) => each[first + row]!);
      scaleRows(rows, own);
    }
    return rows;
  };
  return {
    width,
    async read(first, count) {
      if (!isSmall) return await scaled({ first, count });
      all ??= scaled({ first: 0, count: featureCount });
      return (await all).subarray(first * width, (first + count) * width);
    },
    ...(!isSmall && { release: freeNumbers }),
  };
}

/** The lengths of the rows of features, in float64. */
export async function rowLengths(rows: FeatureRows, featureCount: number): Promise<Float64Array> {
  const { width } = rows;
  const lengths = new Float64Array(featureCount);
  for (const { first, count } of rangesOf({ featureCount, width })) {
    await withRows(rows, { first, count }, (values) => {
      for (let row = 0; row < count; row++) {
        let squares = 0;
        for (let i = row * width; i < (row + 1) * width; i++) squares += values[i]! ** 2;
        lengths[first + row] = Math.sqrt(squares);
      }
    });
  }
  return lengths;
}

/** Multiplies each row of a matrix, in place; with one factor all of it. */
export function scaleRows(values: Float32Array, factors: ArrayLike<number>): void {
  const width = values.length / factors.length;
  for (let row = 0; row < factors.length; row++) {
    const factor = factors[row]!;
    for (let i = row * width; i < (row + 1) * width; i++) values[i] = values[i]! * factor;
  }
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
