/**
 * One hidden state through an SAE, in float64 on the CPU.
 *
 * @module
 */
import { activate, activationOf } from "./activation.ts";
import { dot } from "./dot.ts";
import { prepareRow } from "./input.ts";
import type { Sae } from "./sae.ts";
import { LargestFeatures } from "./top_k.ts";

/** All activations of a hidden state, `[featureCount]`. */
export function encodeRow(sae: Sae, state: Float64Array): Float64Array {
  const row = state.slice();
  prepareRow(sae.input, row);
  const p = product(sae.weight, sae.bias, row);
  const { threshold } = sae.activation;
  if (typeof threshold !== "object" || threshold instanceof Float32Array) {
    return p.map((value, feature) => activate(activationOf(sae.activation, feature), value));
  }
  const groupSize = p.length / (threshold.groups ?? 1);
  const z = new Float64Array(p.length);
  for (let first = 0; first < p.length; first += groupSize) {
    const largest = new LargestFeatures(threshold);
    largest.add(p.subarray(first, first + groupSize), first);
    const { threshold: cutoff, end } = largest.cutoff;
    for (let feature = first; feature < first + groupSize; feature++) {
      const size = threshold.by === "magnitude" ? Math.abs(p[feature]!) : p[feature]!;
      const isKept = size > cutoff || size === cutoff && feature < end;
      if (isKept) z[feature] = activate(activationOf(sae.activation, feature), p[feature]!);
    }
  }
  return z;
}

/** W x + b. */
function product(weight: Float32Array, bias: Float32Array, x: Float64Array): Float64Array {
  const result = new Float64Array(bias.length);
  const values = new Float64Array(x.length);
  for (let row = 0; row < result.length; row++) {
    values.set(weight.subarray(row * x.length, (row + 1) * x.length));
    result[row] = bias[row]! + dot(values, x);
  }
  return result;
}
