/**
 * Encoders whose weights are tensors of a file.
 *
 * @module
 */
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { EncoderWeights } from "../sae.ts";
import { expectShape, featureRows, rowLengths, scaleRows, sizesOf } from "./matrices.ts";

/** Which tensors W and b of an encoder are, and what its owner does with them. */
export interface EncoderTensors {
  /** The width of the hidden states. */
  readonly width: number;
  /** How many features it has. */
  readonly featureCount: number;
  /** The name of W. */
  readonly weight: string;
  /** Whether W lies as `[width, featureCount]` and not as `[featureCount, width]`. */
  readonly isTransposed?: boolean | undefined;
  /** The name of b, `[featureCount]`. Default: nothing is added. */
  readonly bias?: string | undefined;
  /** What p is multiplied with: one number a feature, or one for all. Default: 1. */
  readonly scale?: ArrayLike<number> | number | undefined;
  /** What W alone is multiplied with. Default: 1. */
  readonly weightFactor?: number | undefined;
}

/**
 * W and b of an encoder; W is not yet read.
 *
 * @throws {InputError} If one is missing, of another shape, damaged or not finite.
 */
export async function readTensorEncoder(
  file: TensorFile,
  tensors: EncoderTensors,
): Promise<EncoderWeights> {
  const { width, featureCount, weight: name, isTransposed = false, bias: biasName } = tensors;
  const { scale = 1, weightFactor = 1 } = tensors;
  expectShape(file, name, isTransposed ? [width, featureCount] : [featureCount, width]);
  if (biasName !== undefined) expectShape(file, biasName, [featureCount]);
  const bias = biasName === undefined ? new Float32Array(featureCount) : await file.read(biasName);
  if (scale !== 1) scaleRows(bias, typeof scale === "number" ? [scale] : scale);
  const factors = [scale, weightFactor].filter((factor) => factor !== 1);
  return { rows: featureRows(file, name, isTransposed, { factors }), bias };
}

/**
 * How long what each feature adds is, by the decoder's W.
 *
 * @param isTransposed Whether it lies as `[width, featureCount]`.
 * @throws {InputError} If it is missing, damaged or not finite.
 */
export async function directionLengths(
  file: TensorFile,
  name: string,
  isTransposed: boolean = false,
): Promise<Float64Array> {
  const [featureCount, width] = sizesOf(file, name);
  return await rowLengths(
    featureRows(file, name, isTransposed),
    isTransposed ? width : featureCount,
  );
}
