/**
 * A sample of what a backend computed, computed again in float64 on the CPU. Devices and drivers can
 * be wrong without saying so.
 *
 * @module
 */
import { SMALLEST_FLOAT32 } from "../../tensors/magnitude.ts";
import { type Disagreement, sampleFeatures } from "./disagreement.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import { segmentSizes, tileQuestions } from "./question_tiles.ts";
import { findWrongCutoff } from "./check_cutoffs.ts";
import { ExactReductions, findWrongReduction, SUM_ROUNDINGS } from "./exact_reductions.ts";
import { keptFeatures, prepareInput } from "./kept_features.ts";
import { exactActivation, quickActivation, ROUNDING } from "../float64_activation.ts";
import { type Feature, readFeatures, stateOf, withThreshold } from "../float64_feature.ts";
import { quickVectors } from "../quick_dot.ts";

/** How many questions are read at a time. */
const ROWS_AT_ONCE = 256;
/** How many roundings may lie between an activation that is kept and the same one as a maximum. */
const SAME_ROUNDINGS = 4;
/** Of how many features that are kept the weights are in float64 at a time. */
const MOST_READ_AHEAD = 256;

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
  const { sae } = input;
  // No feature is picked by itself: products are checked as they come.
  if (sae.pursuit !== undefined) return encoded.wrong;
  const sample = sampleFeatures(sae.featureCount);
  const [values, ...room] = quickVectors(1 + sample.length, sae.width);
  const sampled = await readFeatures(sae, sample, room);
  const features = { sampled, kept: readKept(input), values: values! };
  for (const segment of segmentsOf(input)) {
    // What looks wrong at once is looked at again, with all that float32 may lose counted in full.
    const wrong = await checkInFloat64(input, encoded, features, segment, quickActivation) &&
      await checkInFloat64(input, encoded, features, segment, exactActivation);
    if (wrong !== undefined) return wrong;
    const other = checkAgainstReductions(input, encoded, segment);
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

/** What is computed again. */
interface CheckedFeatures {
  /** The sample. */
  sampled: readonly Feature[];
  kept: KeptFeatures;
  /** Where a hidden state is put. */
  values: Float64Array;
}

/** The questions of a segment: neighbours, in one run or several. */
interface Segment {
  number: number;
  size: number;
  runs: { first: number; count: number }[];
}

function segmentsOf(questions: EncodeInput): Segment[] {
  const segments = segmentSizes(questions).map((size, number): Segment => {
    return { number, size, runs: [] };
  });
  for (const { segment, first, count } of tileQuestions(questions, ROWS_AT_ONCE)) {
    segments[segment]!.runs.push({ first, count });
  }
  return segments.filter(({ size }) => size > 0);
}

/** Checks the reductions of some features, and activations that are kept. */
async function checkInFloat64(
  input: EncodeInput,
  { reductions, keptActivations, cutoffs }: Encoded,
  { sampled, kept, values }: CheckedFeatures,
  { number: group, size, runs }: Segment,
  activation: typeof exactActivation,
): Promise<Disagreement | undefined> {
  const { hidden, sae, threshold } = input;
  const remembers = (reductions.maximaAt ?? reductions.minimaAt) !== undefined;
  const all = sampled.map(({ index }) => new ExactReductions(index, remembers));
  for (const { first, count } of runs) {
    const rows = hidden.read(first, count);
    for (let row = 0; row < count; row++) {
      values.set(rows.subarray(row * sae.width, (row + 1) * sae.width));
      const state = stateOf(values);
      const question = first + row;
      // At the threshold of a question a feature may be on or off, whichever of equals is kept.
      const cutoff = cutoffs?.thresholds[question];
      const at = (feature: Feature) =>
        activation(cutoff === undefined ? feature : withThreshold(feature, cutoff), state);
      sampled.forEach((feature, i) => {
        all[i]!.add(question, at(feature), threshold);
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
  for (const exact of all) {
    const cell = group * sae.featureCount + exact.feature;
    const wrong = findWrongReduction(exact, { reductions, cell, size, threshold });
    if (wrong !== undefined) return { feature: exact.feature, group, ...wrong, by: "float64" };
  }
  return undefined;
}

/** Holds all activations that are kept against the reductions of the same features. */
function checkAgainstReductions(
  input: EncodeInput,
  { reductions, keptActivations }: Encoded,
  { number: group, size, runs }: Segment,
): Disagreement | undefined {
  const { sae: { featureCount } } = input;
  const kept = keptFeatures(input);
  for (let target = 0; target < kept.count; target++) {
    const feature = kept.feature(target);
    const cell = group * featureCount + feature;
    let [sum, magnitudes, max] = [0, 0, -Infinity];
    for (const { first, count } of runs) {
      for (let question = first; question < first + count; question++) {
        const z = keptActivations[question * kept.count + target]!;
        sum += z;
        magnitudes += Math.abs(z);
        max = Math.max(max, z); // NaN stays
      }
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
