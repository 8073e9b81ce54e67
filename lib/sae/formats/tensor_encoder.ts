/**
 * Encoders whose weights are tensors of a file.
 *
 * @module
 */
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { EncoderWeights } from "../sae.ts";
import { type FeatureMatrix, matrixRows, readBias, rowLengths } from "./matrices.ts";
import { featureRows, scaleRows } from "./stored_rows.ts";
import { sizesOf } from "./tensor_checks.ts";

/** Which tensors W and b of an encoder are, and what its owner does with them. */
export interface EncoderTensors extends FeatureMatrix {
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
  const { featureCount, scale = 1, weightFactor = 1 } = tensors;
  const factors = [scale, weightFactor].filter((factor) => factor !== 1);
  const rows = matrixRows(file, tensors, { factors });
  const bias = await readBias(file, tensors.bias, featureCount);
  if (scale !== 1) scaleRows(bias, typeof scale === "number" ? [scale] : scale);
  return { rows, bias };
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
