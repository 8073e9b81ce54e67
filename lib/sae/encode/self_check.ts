/**
 * A sample of what a backend computed, computed again in float64 on the CPU. Devices and drivers can
 * be wrong without saying so.
 *
 * @module
 */
import { SMALLEST_FLOAT32 } from "../../tensors/magnitude.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import { findWrongCutoff } from "./check_cutoffs.ts";
import { keptFeatures, prepareInput } from "./kept_features.ts";
import {
  type ExactActivation,
  exactActivation,
  type Feature,
  quickActivation,
  readFeatures,
  ROUNDING,
  stateOf,
  withThreshold,
} from "../float64_activation.ts";

/** How many features are computed again: few enough to cost less than a fiftieth of a run. */
const CHECKED_FEATURES = 8;
/** How many questions are read at a time. */
const ROWS_AT_ONCE = 256;
/** How many roundings a sum of a tile of 256 activations has at most, if all point the same way. */
const SUM_ROUNDINGS = 128;
/** How many roundings may lie between an activation that is kept and the same one as a maximum. */
const SAME_ROUNDINGS = 4;
/** Of how many features that are kept the weights are in float64 at a time. */
const MOST_READ_AHEAD = 256;

/** A value that a backend got wrong. */
export interface Disagreement {
  /** The feature. */
  readonly feature: number;
  /** The relation's position among the groups. */
  readonly group: number;
  /** What was computed: `mean activation`. */
  readonly what: string;
  /** What the backend says. */
  readonly found: number;
  /** What it should be. */
  readonly expected: number;
  /** What says so: `float64`, or what the backend gave elsewhere. */
  readonly by: "float64" | "the reductions";
}

/**
 * Computes a sample of features again, over all questions, and compares sums, maxima and counts. The
 * activations that are kept for every question are held against the reductions, all of them, and against
 * float64, one a question in turn.
 *
 * @returns The first value that differs by more than float32 can explain; undefined if all agree.
 */
export async function findDisagreement(
  given: EncodeInput,
  encoded: Encoded,
): Promise<Disagreement | undefined> {
  const input = prepareInput(given);
  const { groupSizes, sae } = input;
  const sampled = await readFeatures(sae, sampleFeatures(sae.featureCount));
  const kept = readKept(input);
  let first = 0;
  for (const [group, size] of groupSizes.entries()) {
    const range = { group, first, size };
    first += size;
    const features = { sampled, kept };
    // What looks wrong at once is looked at again, with all that float32 may lose counted in full.
    const wrong = await checkInFloat64(input, encoded, features, range, quickActivation) &&
      await checkInFloat64(input, encoded, features, range, exactActivation);
    if (wrong !== undefined) return wrong;
    const other = checkAgainstReductions(input, encoded, range);
    if (other !== undefined) return other;
  }
  return await findWrongCutoff(input, encoded);
}

/** Features that are kept for every question. */
interface KeptFeatures {
  count: number;
  read: (index: number) => Promise<Feature>;
}

/** They are asked for one after the other: some are read ahead. */
function readKept(input: EncodeInput): KeptFeatures {
  const { count, feature } = keptFeatures(input);
  let read: { first: number; features: Feature[] } = { first: 0, features: [] };
  return {
    count,
    async read(index) {
      const known = read.features[index - read.first];
      if (known !== undefined) return known;
      const ahead = Array.from(
        { length: Math.min(MOST_READ_AHEAD, count - index) },
        (_, i) => feature(index + i),
      );
      read = { first: index, features: await readFeatures(input.sae, ahead) };
      return read.features[0]!;
    },
  };
}

/** Neighbouring questions of a group. */
interface Questions {
  group: number;
  first: number;
  size: number;
}

/** The reductions of a feature in float64, and between what float32 may be. */
interface ExactReductions {
  index: number;
  sum: number;
  sumLow: number;
  sumHigh: number;
  max: number;
  maxLow: number;
  maxHigh: number;
  /** How often the activation is above the threshold for certain, and at most. */
  atLeast: number;
  atMost: number;
}

function emptyExactReductions(index: number): ExactReductions {
  const [sum, max] = [0, -Infinity];
  const sums = { sum, sumLow: sum, sumHigh: sum };
  return { index, ...sums, max, maxLow: max, maxHigh: max, atLeast: 0, atMost: 0 };
}

/** Checks the reductions of some features, and activations that are kept. */
async function checkInFloat64(
  input: EncodeInput,
  { reductions, keptActivations, cutoffs }: Encoded,
  { sampled, kept }: { sampled: readonly Feature[]; kept: KeptFeatures },
  { group, first, size }: Questions,
  activation: typeof exactActivation,
): Promise<Disagreement | undefined> {
  const { hidden, sae, threshold } = input;
  const all = sampled.map(({ index }) => emptyExactReductions(index));
  const values = new Float64Array(sae.width);
  for (let start = first; start < first + size; start += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, first + size - start);
    const rows = hidden.read(start, count);
    for (let row = 0; row < count; row++) {
      values.set(rows.subarray(row * sae.width, (row + 1) * sae.width));
      const state = stateOf(values);
      const question = start + row;
      // At the threshold of a question a feature may be on or off, whichever of equals is kept.
      const cutoff = cutoffs?.thresholds[question];
      const at = (feature: Feature) =>
        activation(cutoff === undefined ? feature : withThreshold(feature, cutoff), state);
      sampled.forEach((feature, i) => {
        add(all[i]!, at(feature), threshold);
      });
      if (kept.count === 0) continue;
      const own = question % kept.count;
      const feature = await kept.read(own);
      const { z, low, high } = at(feature);
      const found = keptActivations[question * kept.count + own]!;
      if (found >= low && found <= high) continue;
      const what = `activation for question ${question}`;
      return { feature: feature.index, group, what, found, expected: z, by: "float64" };
    }
  }
  for (const { index: feature, ...exact } of all) {
    const cell = group * sae.featureCount + feature;
    const [sum, max] = [reductions.sums[cell]!, reductions.maxima[cell]!];
    const count = reductions.counts[cell]!;
    const differ = (what: string, found: number, expected: number) => {
      return { feature, group, what, found, expected, by: "float64" } as const;
    };
    if (!(sum >= exact.sumLow && sum <= exact.sumHigh)) {
      return differ("mean activation", sum / size, exact.sum / size);
    }
    if (!(max >= exact.maxLow && max <= exact.maxHigh)) {
      return differ("greatest activation", max, exact.max);
    }
    if (!(count >= exact.atLeast && count <= exact.atMost)) {
      return differ(`number of activations above ${threshold}`, count, exact.atLeast);
    }
  }
  return undefined;
}

/** Adds an activation to the reductions of its feature. */
function add(exact: ExactReductions, { z, low, high }: ExactActivation, threshold: number): void {
  const rounding = SUM_ROUNDINGS * ROUNDING * Math.abs(z) + SMALLEST_FLOAT32;
  exact.sum += z;
  exact.sumLow += low - rounding;
  exact.sumHigh += high + rounding;
  exact.max = Math.max(exact.max, z);
  exact.maxLow = Math.max(exact.maxLow, low);
  exact.maxHigh = Math.max(exact.maxHigh, high);
  if (low > threshold) exact.atLeast++;
  if (high > threshold) exact.atMost++;
}

/** Holds all activations that are kept against the reductions of the same features. */
function checkAgainstReductions(
  input: EncodeInput,
  { reductions, keptActivations }: Encoded,
  { group, first, size }: Questions,
): Disagreement | undefined {
  const { sae: { featureCount } } = input;
  const kept = keptFeatures(input);
  for (let target = 0; target < kept.count; target++) {
    const feature = kept.feature(target);
    const cell = group * featureCount + feature;
    let [sum, magnitudes, max] = [0, 0, -Infinity];
    for (let question = first; question < first + size; question++) {
      const z = keptActivations[question * kept.count + target]!;
      sum += z;
      magnitudes += Math.abs(z);
      max = Math.max(max, z); // NaN stays
    }
    const differ = (what: string, found: number, expected: number) => {
      return { feature, group, what, found, expected, by: "the reductions" } as const;
    };
    const rounding = SUM_ROUNDINGS * ROUNDING * magnitudes + size * SMALLEST_FLOAT32;
    if (!Number.isFinite(sum) || Math.abs(sum - reductions.sums[cell]!) > rounding) {
      return differ("mean of the activations kept", sum / size, reductions.sums[cell]! / size);
    }
    const same = SAME_ROUNDINGS * ROUNDING * Math.abs(max) + SMALLEST_FLOAT32;
    if (!(Math.abs(max - reductions.maxima[cell]!) <= same)) {
      return differ("greatest of the activations kept", max, reductions.maxima[cell]!);
    }
  }
  return undefined;
}

/** Features spread over all, the first and the last among them. */
export function sampleFeatures(featureCount: number): number[] {
  const count = Math.min(CHECKED_FEATURES, featureCount);
  const last = featureCount - 1;
  return Array.from({ length: count }, (_, i) => Math.round(i * last / Math.max(1, count - 1)));
}
