/**
 * A matrix of features and its bias, as an SAE's file holds them.
 *
 * @module
 */
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type FeatureRows, withRows } from "../feature_rows.ts";
import { piecesOf } from "../feature_ranges.ts";
import { featureRows, type StoredRowsOptions } from "./stored_rows.ts";
import { expectShape } from "./tensor_checks.ts";

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

/** The lengths of the rows of features, in float64. */
export async function rowLengths(rows: FeatureRows, featureCount: number): Promise<Float64Array> {
  const { width } = rows;
  const lengths = new Float64Array(featureCount);
  for (const { first, count } of piecesOf(rows, featureCount)) {
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
