/**
 * A sample of what a backend computed, computed again in float64 on the CPU. Devices and drivers can
 * be wrong without saying so.
 *
 * @module
 */
import { dot } from "./dot.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import type { Sae } from "./sae.ts";

/** How many features are computed again: few enough to cost less than a fiftieth of a run. */
const CHECKED_FEATURES = 8;
/** How many questions are read at a time. */
const ROWS_AT_ONCE = 256;
/**
 * How far float32 may be off, in units of its rounding: of the product of the lengths of a hidden
 * state and a feature's weights, which bounds all that is added up for an activation. Blocked sums
 * of a thousand terms stay within a few units; a wrong term is off by thousands.
 */
const TOLERANCE = 64 * 2 ** -24;

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
  /** What float64 says. */
  readonly expected: number;
}

/**
 * Computes a sample of features again, over all questions, and compares sums, maxima and counts.
 *
 * @returns The first value that differs by more than float32 can explain; undefined if all agree.
 */
export function findDisagreement(
  input: EncodeInput,
  { moments }: Pick<Encoded, "moments">,
): Disagreement | undefined {
  const { groupSizes, sae, threshold } = input;
  const features = sampleFeatures(sae.featureCount).map((feature) => readFeature(sae, feature));
  let first = 0;
  for (const [group, size] of groupSizes.entries()) {
    const range = { first, size };
    first += size;
    for (const { index: feature, ...exact } of exactMoments(input, features, range)) {
      const cell = group * sae.featureCount + feature;
      const [sum, max] = [moments.sums[cell]!, moments.maxima[cell]!];
      const count = moments.counts[cell]!;
      const differ = (what: string, found: number, expected: number) => {
        return { feature, group, what, found, expected };
      };
      if (!(Math.abs(sum - exact.sum) <= exact.sumTolerance)) {
        return differ("mean activation", sum / size, exact.sum / size);
      }
      if (!(Math.abs(max - exact.max) <= exact.maxTolerance)) {
        return differ("greatest activation", max, exact.max);
      }
      if (!(count >= exact.atLeast && count <= exact.atMost)) {
        return differ(`number of activations above ${threshold}`, count, exact.atLeast);
      }
    }
  }
  return undefined;
}

/** A feature's encoder. */
interface Feature {
  index: number;
  weights: Float64Array;
  bias: number;
  /** The length of the weights, as a vector. */
  length: number;
}

function readFeature({ weight, bias, width }: Sae, index: number): Feature {
  const weights = Float64Array.from(weight.subarray(index * width, (index + 1) * width));
  return {
    index,
    weights,
    bias: bias[index]!,
    length: Math.sqrt(dot(weights, weights)),
  };
}

/** The moments of a feature in float64, and how far float32 may be off. */
interface ExactMoments {
  index: number;
  sum: number;
  sumTolerance: number;
  max: number;
  maxTolerance: number;
  /** How often the activation is above the threshold for certain, and at most. */
  atLeast: number;
  atMost: number;
}

/** The moments of some features over neighbouring questions. */
function exactMoments(
  { hidden, sae, threshold }: EncodeInput,
  features: readonly Feature[],
  { first, size }: { first: number; size: number },
): ExactMoments[] {
  const nothing = { sum: 0, sumTolerance: 0, max: -Infinity, maxTolerance: 0 };
  const all = features.map(({ index }) => ({ index, ...nothing, atLeast: 0, atMost: 0 }));
  const state = new Float64Array(sae.width);
  for (let start = first; start < first + size; start += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, first + size - start);
    const rows = hidden.read(start, count);
    for (let row = 0; row < count; row++) {
      state.set(rows.subarray(row * sae.width, (row + 1) * sae.width));
      const stateLength = Math.sqrt(dot(state, state));
      features.forEach(({ weights, bias, length }, i) => {
        const exact = all[i]!;
        const linear = dot(weights, state) + bias;
        const z = sae.kind === "traditional" ? Math.max(0, linear) : linear;
        const tolerance = TOLERANCE * (length * stateLength + Math.abs(bias));
        exact.sum += z;
        exact.sumTolerance += tolerance;
        exact.max = Math.max(exact.max, z);
        exact.maxTolerance = Math.max(exact.maxTolerance, tolerance);
        if (z > threshold + tolerance) exact.atLeast++;
        if (z > threshold - tolerance) exact.atMost++;
      });
    }
  }
  return all;
}

/** Features spread over all, the first and the last among them. */
export function sampleFeatures(featureCount: number): number[] {
  const count = Math.min(CHECKED_FEATURES, featureCount);
  const last = featureCount - 1;
  return Array.from({ length: count }, (_, i) => Math.round(i * last / Math.max(1, count - 1)));
}
