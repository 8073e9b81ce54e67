/**
 * Decoders whose weights are tensors of a file, read by ranges of features.
 *
 * @module
 */
import type { RowRange, TensorFile } from "../../tensors/tensor_file.ts";
import type { SaeDecoder } from "../sae.ts";
import { expectShape, rowLengths, scaleRows, transposedMatrix } from "./matrices.ts";

/** Which tensors a decoder consists of, and what its owner does with them. */
export interface DecoderTensors {
  /** The width of what it gives. */
  readonly width: number;
  /** How many features it has. */
  readonly featureCount: number;
  /** The name of W. */
  readonly weight: string;
  /** Whether W lies as `[width, featureCount]` and not as `[featureCount, width]`. */
  readonly isTransposed?: boolean | undefined;
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

/**
 * A decoder of these tensors; W is not yet read.
 *
 * @throws {InputError} If one is missing, of another shape, damaged or not finite.
 */
export async function readTensorDecoder(
  file: TensorFile,
  tensors: DecoderTensors,
): Promise<SaeDecoder> {
  const { width, featureCount, weight, isTransposed = false, bias, factor = 1, skip } = tensors;
  const { restores = true, predicts = false } = tensors;
  expectShape(file, weight, isTransposed ? [width, featureCount] : [featureCount, width]);
  if (bias !== undefined) expectShape(file, bias, [width]);
  const b = bias === undefined ? new Float32Array(width) : await file.read(bias);
  if (factor !== 1) scaleRows(b, [factor]);
  return {
    width,
    featureCount,
    bias: b,
    restores,
    predicts,
    skip,
    async read(range) {
      const directions = await readDirections(file, tensors, range);
      const scales = scalesOf(directions, tensors, range);
      if (scales !== undefined) scaleRows(directions, scales);
      return directions;
    },
  };
}

async function readDirections(
  file: TensorFile,
  { width, featureCount, weight, isTransposed }: DecoderTensors,
  range: RowRange,
): Promise<Float32Array<ArrayBuffer>> {
  if (!isTransposed) return await file.read(weight, range);
  const whole = transposedMatrix(await file.read(weight), [width, featureCount]);
  return whole.slice(range.start * width, range.end * width);
}

/** What each direction of a range is multiplied with; undefined if with nothing. */
function scalesOf(
  directions: Float32Array,
  { width, scale = 1, dividesByLengths, factor = 1 }: DecoderTensors,
  { start, end }: RowRange,
): Float64Array | undefined {
  if (scale === 1 && factor === 1 && !dividesByLengths) return undefined;
  const scales = new Float64Array(end - start).fill(factor);
  if (dividesByLengths) {
    // A direction of no length stays as it is: it adds nothing.
    rowLengths(directions, width).forEach((length, i) => scales[i]! /= length || 1);
  }
  return scales.map((value, i) => value * (typeof scale === "number" ? scale : scale[start + i]!));
}
