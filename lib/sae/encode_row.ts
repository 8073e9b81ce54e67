/**
 * Hidden states through an SAE, in float64 on the CPU.
 *
 * @module
 */
import { activate, activationOf } from "./activation.ts";
import { dotRows } from "./dot.ts";
import { readRowsOf, withRows } from "./feature_rows.ts";
import { piecesOf } from "./feature_ranges.ts";
import { prepareRow } from "./input.ts";
import { PursuedState } from "./pursuit.ts";
import type { EncoderWeights, Sae } from "./sae.ts";
import { sigmoid } from "./sigmoid.ts";
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
  const { pursuit, glu } = sae;
  if (pursuit !== undefined) {
    return await Promise.all(rows.map((row) => pursueRow(sae, new PursuedState(row, pursuit))));
  }
  const all = await productsOf(sae, rows);
  const gates = glu && await productsOf(glu, rows);
  gates?.forEach((own, state) => {
    for (let i = 0; i < own.length; i++) all[state]![i]! *= sigmoid(own[i]!);
  });
  return all.map((p) => activateRow(sae, p));
}

/** The products of some rows with W, and b added: `[features]` of each row. */
async function productsOf(
  { rows: matrix, bias }: EncoderWeights,
  rows: readonly Float64Array[],
): Promise<Float64Array[]> {
  const featureCount = bias.length;
  const all = rows.map(() => new Float64Array(featureCount));
  for (const { first, count } of piecesOf(matrix, featureCount)) {
    await withRows(matrix, { first, count }, (chunk) => {
      rows.forEach((row, state) => {
        const p = all[state]!.subarray(first, first + count);
        dotRows(chunk, row, p);
        for (let i = 0; i < count; i++) p[i] = bias[first + i]! + p[i]!;
      });
    });
  }
  return all;
}

/** Picks feature after feature. */
async function pursueRow(sae: Sae, state: PursuedState): Promise<Float64Array> {
  while (!state.isDone) {
    const [products] = await productsOf(sae, [state.left]);
    let best = 0;
    products!.forEach((product, feature) => {
      if (product > products![best]!) best = feature;
    });
    state.pick(best, products![best]!, await readRowsOf(sae.rows, [best]));
  }
  const activations = new Float64Array(sae.featureCount);
  state.activations.forEach((z, feature) => activations[feature] = z);
  return activations;
}

/**
 * All activations of a hidden state, `[featureCount]`.
 *
 * @param products Those of the encoder's rows with the state, which has gone through the input steps.
 */
export function activationsOf(sae: Sae, products: Float64Array): Float64Array {
  return activateRow(sae, products.map((product, feature) => sae.bias[feature]! + product));
}

function activateRow({ activation }: Sae, p: Float64Array): Float64Array {
  const { threshold } = activation;
  if (typeof threshold !== "object" || threshold instanceof Float32Array) {
    return p.map((value, feature) => activate(activationOf(activation, feature), value));
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
      if (isKept) z[feature] = activate(activationOf(activation, feature), p[feature]!);
    }
  }
  return z;
}
