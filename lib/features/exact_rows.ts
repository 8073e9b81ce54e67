/**
 * Features that float32 cannot give to five digits, computed again in float64.
 *
 * Where a state is long and all of its features are small, the terms of each product nearly cancel,
 * and what float32 rounds off of them is a large part of what is left. Which states these are is found
 * by computing a few features of each again.
 *
 * @module
 */
import { encodeRows } from "../sae/encode_row.ts";
import { activate, activationOf } from "../sae/activation.ts";
import { dot } from "../sae/dot.ts";
import { piecesOf } from "../sae/feature_ranges.ts";
import { prepareRow } from "../sae/input.ts";
import type { Sae } from "../sae/sae.ts";
import { sigmoid } from "../sae/sigmoid.ts";

/** How many of a state's features are computed again to see how exact they are. */
const LOOKED_AT = 8;
/** How far off one of them may be, as a part of the state's greatest feature. */
const TOLERANCE = 5e-7;
/** How many products are computed in float64 at most, in a block: some ten seconds of them. */
const MOST_PRODUCTS = 1e10;
/** Encoders of more numbers, 1 GiB, are not read once more for this. */
const MOST_WEIGHTS = 2 ** 28;

/**
 * Computes the states of a block again whose features float32 gave too coarsely, as long as they are
 * not too many, nor the encoder too large.
 *
 * @param states `[count, width]`.
 * @param features `[count, featureCount]`; written over where they are computed again.
 * @returns How many states are left as float32 gave them, though they are coarse.
 */
export async function refineRows(
  sae: Sae,
  states: Float32Array,
  features: Float32Array,
): Promise<number> {
  const { width, featureCount } = sae;
  // Matching pursuit's activations are of float64 already.
  if (width * featureCount > MOST_WEIGHTS || sae.pursuit !== undefined) return 0;
  const rows = Array.from(
    { length: states.length / width },
    (_, row) => Float64Array.from(states.subarray(row * width, (row + 1) * width)),
  );
  const coarse = await coarseRows(sae, rows, features);
  const again = coarse.slice(0, Math.floor(MOST_PRODUCTS / (width * featureCount)));
  const exact = await encodeRows(sae, again.map((row) => rows[row]!));
  exact.forEach((values, i) => features.set(values, again[i]! * featureCount));
  return coarse.length - again.length;
}

/** A feature of a state that is computed again. */
interface Sample {
  row: number;
  feature: number;
  greatest: number;
}

/** The states of which one of the greatest features is too far off. */
async function coarseRows(
  sae: Sae,
  states: readonly Float64Array[],
  features: Float32Array,
): Promise<number[]> {
  const { featureCount, width, bias, activation, glu } = sae;
  const coarse = new Set<number>();
  const samples: Sample[] = [];
  states.forEach((state, row) => {
    const own = features.subarray(row * featureCount, (row + 1) * featureCount);
    const largest = largestOf(own);
    // Of a state without active features nothing says how exact it is.
    if (largest.length === 0 && state.some((x) => x !== 0)) coarse.add(row);
    const greatest = Math.abs(own[largest[0] ?? 0]!);
    for (const feature of largest) samples.push({ row, feature, greatest });
  });
  samples.sort((a, b) => a.feature - b.feature);
  const prepared = states.map((state) => {
    const row = state.slice();
    prepareRow(sae.input, row);
    return row;
  });
  const weights = new Float64Array(width);
  let next = 0;
  for (const { first, count } of piecesOf(sae.rows, featureCount)) {
    if (next === samples.length || samples[next]!.feature >= first + count) continue;
    const chunk = await sae.rows.read(first, count);
    const gluChunk = await glu?.rows.read(first, count);
    for (; next < samples.length && samples[next]!.feature < first + count; next++) {
      const { row, feature, greatest } = samples[next]!;
      const product = (matrix: Float32Array, bias: Float32Array) => {
        weights.set(matrix.subarray((feature - first) * width, (feature - first + 1) * width));
        return dot(weights, prepared[row]!) + bias[feature]!;
      };
      const factor = gluChunk ? sigmoid(product(gluChunk, glu!.bias)) : 1;
      const p = product(chunk, bias) * factor;
      const own = activationOf(activation, feature);
      // A feature that is active is above its threshold, whatever that is for its state.
      const z = activate(own.threshold === undefined ? own : { ...own, threshold: -Infinity }, p);
      if (Math.abs(z - features[row * featureCount + feature]!) > TOLERANCE * greatest) {
        coarse.add(row);
      }
    }
    sae.rows.release?.(chunk);
    if (gluChunk) glu!.rows.release?.(gluChunk);
  }
  return [...coarse].sort((a, b) => a - b);
}

/** The features of the greatest magnitudes, the greatest first; none that is 0. */
function largestOf(features: Float32Array): number[] {
  const found: number[] = [];
  for (let feature = 0; feature < features.length; feature++) {
    const size = Math.abs(features[feature]!);
    if (size === 0) continue;
    if (found.length === LOOKED_AT && size <= Math.abs(features[found.at(-1)!]!)) continue;
    if (found.length === LOOKED_AT) found.pop();
    const place = found.findIndex((other) => Math.abs(features[other]!) < size);
    found.splice(place === -1 ? found.length : place, 0, feature);
  }
  return found;
}
