/**
 * How much of the hidden states an SAE leaves unexplained: one that was trained on another layer, or
 * on another model, explains nothing.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";
import { activate, activationOf } from "./activation.ts";
import { dot } from "./dot.ts";
import type { Sae, SaeDecoder } from "./sae.ts";

/** How many questions are encoded and decoded again, on the CPU: few, for that costs time. */
const SAMPLE = 2;
/** How many hidden states are read at a time. */
const ROWS_AT_ONCE = 256;

/**
 * The squared error of the reconstruction, averaged over a sample of the questions, as a fraction of
 * the variance of all hidden states.
 *
 * @param sample How many questions are reconstructed. Default: 2.
 * @returns Undefined if the hidden states do not vary.
 */
export function unexplainedVariance(
  hidden: Rows,
  { sae, decoder }: { sae: Sae; decoder: SaeDecoder },
  sample: number = SAMPLE,
): number | undefined {
  const variance = varianceOf(hidden);
  if (variance === 0) return undefined;
  const count = Math.min(sample, hidden.count);
  const states = Array.from(
    { length: count },
    (_, i) => hidden.read(Math.floor((i + 0.5) * hidden.count / count), 1).slice(),
  );
  const error = states.reduce((sum, state) => {
    return sum + squaredDistance(state, decode(decoder, encode(sae, state)));
  }, 0);
  return error / count / variance;
}

/** The mean squared distance of all rows from their mean. */
function varianceOf(hidden: Rows): number {
  const sums = new Float64Array(hidden.width);
  let squares = 0;
  for (let start = 0; start < hidden.count; start += ROWS_AT_ONCE) {
    const rows = hidden.read(start, Math.min(ROWS_AT_ONCE, hidden.count - start));
    for (let at = 0; at < rows.length;) {
      for (let i = 0; i < sums.length; i++, at++) {
        const value = rows[at]!;
        sums[i]! += value;
        squares += value * value;
      }
    }
  }
  const meanSquare = sums.reduce((total, sum) => total + (sum / hidden.count) ** 2, 0);
  return Math.max(0, squares / hidden.count - meanSquare);
}

function encode({ activation, weight, bias }: Sae, state: Float32Array): Float64Array {
  const p = product(weight, bias, Float64Array.from(state));
  return p.map((value, feature) => activate(activationOf(activation, feature), value));
}

function decode({ weight, bias }: SaeDecoder, activations: Float64Array): Float64Array {
  return product(weight, bias, activations);
}

/** W x + b. */
function product(
  weight: Float32Array,
  bias: Float32Array,
  x: Float64Array,
): Float64Array {
  const result = new Float64Array(bias.length);
  const values = new Float64Array(x.length);
  for (let row = 0; row < result.length; row++) {
    values.set(weight.subarray(row * x.length, (row + 1) * x.length));
    result[row] = bias[row]! + dot(values, x);
  }
  return result;
}

function squaredDistance(a: Float32Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}
