/**
 * How much of the hidden states an SAE leaves unexplained: one that was trained on another layer, or
 * on another model, explains nothing.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";
import { decodeStates, type Decoding, finishRow } from "./decode.ts";
import { encodeRows } from "./encode_row.ts";
import type { Sae, SaeDecoder } from "./sae.ts";
import { passStates } from "./state_pass.ts";

/** How many questions are encoded and decoded again, on the CPU: few, for that costs time. */
const SAMPLE = 2;

/**
 * The squared error of the reconstruction, averaged over a sample of the questions, as a fraction of
 * the variance of all hidden states.
 *
 * @param sample How many questions are reconstructed. Default: 2.
 * @returns Undefined if the hidden states do not vary, or the decoder predicts other states.
 */
export async function unexplainedVariance(
  hidden: Rows,
  { sae, decoder }: { sae: Sae; decoder: SaeDecoder },
  sample: number = SAMPLE,
): Promise<number | undefined> {
  if (decoder.predicts) return undefined;
  const variance = varianceOf(hidden);
  if (variance === 0) return undefined;
  return await squaredError(sampleStates(hidden, sample), { sae, decoder }) / variance;
}

/** The hidden states that are reconstructed, spread over all. */
export function sampleStates(hidden: Rows, sample: number = SAMPLE): Float64Array[] {
  const count = Math.min(sample, hidden.count);
  return Array.from(
    { length: count },
    (_, i) => Float64Array.from(hidden.read(Math.floor((i + 0.5) * hidden.count / count), 1)),
  );
}

/** The mean squared distance of some hidden states from what the decoder makes of their features. */
export async function squaredError(
  states: readonly Float64Array[],
  { sae, decoder }: { sae: Sae; decoder: SaeDecoder },
): Promise<number> {
  return errorOf(
    states,
    await decodeStates({ sae, decoder }, await encodeRows(sae, states), states),
  );
}

/**
 * The same of what a pass over the decoder has found out.
 *
 * @param products Those of W with the activations of each state, `[width]`.
 */
export function squaredErrorOf(
  states: readonly Float64Array[],
  decoding: Decoding,
  products: readonly Float64Array[],
): number {
  const decoded = products.map((product) => product.slice());
  decoded.forEach((sum, i) => finishRow(decoding, sum, states[i]!));
  return errorOf(states, decoded);
}

function errorOf(states: readonly Float64Array[], decoded: readonly Float64Array[]): number {
  const error = states.reduce((sum, state, i) => sum + squaredDistance(state, decoded[i]!), 0);
  return error / states.length;
}

/** The mean squared distance of all rows from their mean. */
export function varianceOf(hidden: Rows): number {
  return passStates(hidden).variance;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}
