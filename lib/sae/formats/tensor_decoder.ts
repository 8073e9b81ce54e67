/**
 * Decoders whose weights are tensors of a file, read by ranges of features.
 *
 * @module
 */
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type FeatureRange, wholeRows } from "../feature_rows.ts";
import type { SaeDecoder } from "../sae.ts";
import { type FeatureMatrix, matrixRows, readBias, rowLengths } from "./matrices.ts";
import { scaleRows } from "./stored_rows.ts";

/** Which tensors a decoder consists of, and what its owner does with them. */
export interface DecoderTensors extends FeatureMatrix {
  /** The name of b, `[width]`. Default: nothing is added. */
  readonly bias?: string | undefined;
  /** What activations are multiplied with on the way back: one number a feature, or one for all. */
  readonly scale?: ArrayLike<number> | number | undefined;
  /** Whether activations are divided by the length of what their feature adds. Default: no. */
  readonly dividesByLengths?: boolean | undefined;
  /** What W z + b is multiplied with. Default: 1. */
  readonly factor?: number | undefined;
  /** What is multiplied with x and added: `[width, width of x]`. Default: nothing. */
  readonly skip?: Float32Array<ArrayBuffer> | undefined;
  /** Whether the SAE's input steps are undone. Default: yes. */
  readonly restores?: boolean | undefined;
  /** Whether it predicts states of another place. Default: no. */
  readonly predicts?: boolean | undefined;
}

/** Which matrices an SAE consists of, and how they lie. */
export interface Matrices {
  /** W of the encoder. */
  readonly encoder: string;
  /** Whether it lies as `[width, featureCount]`. */
  readonly isEncoderTransposed: boolean;
  /** W of the decoder. */
  readonly decoder: string;
  /** Whether it lies as `[width, featureCount]`. */
  readonly isDecoderTransposed: boolean;
}

/**
 * A decoder of W and b as they are.
 *
 * @param bias The name of b.
 * @throws {InputError} As {@linkcode readTensorDecoder} does.
 */
export async function readPlainDecoder(
  file: TensorFile,
  { decoder: weight, isDecoderTransposed: isTransposed }: Matrices,
  { width, featureCount, bias }: Pick<DecoderTensors, "width" | "featureCount" | "bias">,
): Promise<SaeDecoder> {
  return await readTensorDecoder(file, { width, featureCount, weight, isTransposed, bias });
}

/**
 * A decoder of these tensors; W is not yet read.
 *
 * @throws {InputError} If one is missing, of another shape, damaged or not finite.
 */
export async function readTensorDecoder(
  file: TensorFile,
  tensors: DecoderTensors,
): Promise<SaeDecoder> {
  const { width, featureCount, factor = 1, skip } = tensors;
  const { restores = true, predicts = false } = tensors;
  const stored = matrixRows(file, tensors);
  const bias = await readBias(file, tensors.bias, width);
  if (factor !== 1) scaleRows(bias, [factor]);
  return {
    width,
    featureCount,
    bias,
    restores,
    predicts,
    skip,
    rows: {
      width,
      async read(first, count) {
        const directions = await stored.read(first, count);
        const scales = await scalesOf(directions, tensors, { first, count });
        if (scales === undefined) return directions;
        // What stays in memory is read again.
        const scaled = stored.release === undefined ? directions.slice() : directions;
        scaleRows(scaled, scales);
        return scaled;
      },
      ...(stored.release && { release: stored.release }),
    },
  };
}

/** What each direction of a range is multiplied with; undefined if with nothing. */
async function scalesOf(
  directions: Float32Array<ArrayBuffer>,
  { width, scale = 1, dividesByLengths, factor = 1 }: DecoderTensors,
  { first, count }: FeatureRange,
): Promise<Float64Array | undefined> {
  if (scale === 1 && factor === 1 && !dividesByLengths) return undefined;
  const scales = new Float64Array(count).fill(factor);
  if (dividesByLengths) {
    // A direction of no length stays as it is: it adds nothing.
    const lengths = await rowLengths(wholeRows(directions, width), count);
    lengths.forEach((length, i) => scales[i]! /= length || 1);
  }
  return scales.map((value, i) => value * (typeof scale === "number" ? scale : scale[first + i]!));
}
