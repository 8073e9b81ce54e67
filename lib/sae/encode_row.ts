/**
 * Hidden states through an SAE and back, in float64 on the CPU.
 *
 * @module
 */
import { activate, activationOf } from "./activation.ts";
import { dot } from "./dot.ts";
import { rangesOf } from "./feature_rows.ts";
import { prepareRow, restoreRow } from "./input.ts";
import type { Sae, SaeDecoder } from "./sae.ts";
import { LargestFeatures } from "./top_k.ts";

/**
 * All activations of some hidden states, `[featureCount]` each. The encoder is read once for all.
 *
 * @throws {InputError} If a weight is damaged or not finite.
 */
export async function encodeRows(
  sae: Sae,
  states: readonly Float64Array[],
): Promise<Float64Array[]> {
  const rows = states.map((state) => {
    const row = state.slice();
    prepareRow(sae.input, row);
    return row;
  });
  const { width, featureCount, bias } = sae;
  const all = states.map(() => new Float64Array(featureCount));
  const weights = new Float64Array(width);
  for (const { first, count } of rangesOf(sae)) {
    const chunk = await sae.rows.read(first, count);
    for (let i = 0; i < count; i++) {
      weights.set(chunk.subarray(i * width, (i + 1) * width));
      rows.forEach((row, state) => {
        all[state]![first + i] = bias[first + i]! + dot(weights, row);
      });
    }
  }
  return all.map((p) => activateRow(sae, p));
}

/** All activations of a hidden state, `[featureCount]`. */
export async function encodeRow(sae: Sae, state: Float64Array): Promise<Float64Array> {
  return (await encodeRows(sae, [state]))[0]!;
}

function activateRow({ activation }: Sae, p: Float64Array): Float64Array {
  const { threshold } = activation;
  if (typeof threshold !== "object" || threshold instanceof Float32Array) {
    return p.map((value, feature) => activate(activationOf(activation, feature), value));
  }
  const largest = new LargestFeatures(threshold);
  largest.add(p, 0);
  const cutoff = largest.cutoff;
  return p.map((value, feature) => {
    const size = threshold.by === "magnitude" ? Math.abs(value) : value;
    const isKept = size > cutoff.threshold || size === cutoff.threshold && feature < cutoff.end;
    return isKept ? activate(activationOf(activation, feature), value) : 0;
  });
}

/**
 * What the decoder makes of activations, `[width]` each. It is read once for all, and not where no
 * feature is active.
 *
 * @param activations Those of each hidden state, as {@linkcode encodeRows} gives them.
 * @param states The hidden states that they are of: where the SAE scales or shifts them, what is
 * decoded is scaled and shifted back.
 * @throws {InputError} If a weight is damaged or not finite.
 */
export async function decodeRows(
  { sae, decoder }: { sae: Pick<Sae, "input">; decoder: SaeDecoder },
  activations: readonly Float64Array[],
  states: readonly Float64Array[],
): Promise<Float64Array[]> {
  const { rows, bias } = decoder;
  const { width } = rows;
  const sums = states.map(() => new Float64Array(width));
  const weights = new Float64Array(width);
  const featureCount = activations[0]?.length ?? 0;
  for (const { first, count } of rangesOf({ featureCount, width })) {
    const isOff = (z: Float64Array) => z.subarray(first, first + count).every((one) => one === 0);
    if (activations.every(isOff)) continue;
    const chunk = await rows.read(first, count);
    for (let i = 0; i < count; i++) {
      weights.set(chunk.subarray(i * width, (i + 1) * width));
      activations.forEach((z, state) => addScaled(sums[state]!, weights, z[first + i]!));
    }
  }
  return sums.map((sum, state) => {
    const decoded = sum.map((value, i) => bias[i]! + value);
    restoreRow(sae.input, states[state]!, decoded);
    return decoded;
  });
}

/** What the decoder makes of the activations of one hidden state, `[width]`. */
export async function decodeRow(
  parts: { sae: Pick<Sae, "input">; decoder: SaeDecoder },
  activations: Float64Array,
  state: Float64Array,
): Promise<Float64Array> {
  return (await decodeRows(parts, [activations], [state]))[0]!;
}

/** Feature after feature, as a dot product would add them up. */
function addScaled(sum: Float64Array, weights: Float64Array, z: number): void {
  if (z === 0) return; // which changes no sum
  for (let i = 0; i < sum.length; i++) sum[i]! += weights[i]! * z;
}
