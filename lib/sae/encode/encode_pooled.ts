/**
 * Encodes several states a question and pools the features: an SAE is not linear, so that the mean of
 * the features is not the feature of the mean.
 *
 * @module
 */
import type { Rows } from "../../files/rows.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import { emptyMoments } from "./moments.ts";

/** How the features of a question's states become one of the question. */
export type FeaturePooling = "mean" | "max" | "any";

/** How many numbers are kept of the features of questions at a time. */
const MOST_AT_ONCE = 2 ** 22;

/** States of which each question has several. */
export interface PooledInput extends EncodeInput {
  /** How many states each question has, at least one; those of one question are neighbours. */
  readonly stateCounts: readonly number[];
  /** How they are pooled: `any` is 1 where a feature is above 0 at some state, and 0 elsewhere. */
  readonly pooling: FeaturePooling;
}

/**
 * Encodes states and pools the features of each question. What the moments are of is the pooled
 * features; each question is a group of states to the backend.
 *
 * @param encode Encodes states in groups, and reduces each.
 */
export async function encodePooled(
  { hidden, groupSizes, sae, threshold, stateCounts, pooling }: PooledInput,
  encode: (input: EncodeInput) => Promise<Encoded>,
): Promise<Encoded> {
  const { featureCount } = sae;
  const { targets } = sae;
  const moments = emptyMoments(groupSizes, featureCount);
  const slotActivations = new Float32Array(stateCounts.length * targets.length);
  const groupOf = groupSizes.flatMap((size, group) => Array<number>(size).fill(group));
  const atOnce = Math.max(1, Math.floor(MOST_AT_ONCE / featureCount));
  let row = 0;
  for (let first = 0; first < stateCounts.length; first += atOnce) {
    const counts = stateCounts.slice(first, first + atOnce);
    const states = counts.reduce((sum, count) => sum + count, 0);
    const encoded = await encode({
      hidden: part(hidden, row, states),
      groupSizes: counts,
      sae,
      threshold: 0,
    });
    row += states;
    counts.forEach((count, i) => {
      const start = i * featureCount;
      const group = groupOf[first + i]! * featureCount;
      for (let feature = 0; feature < featureCount; feature++) {
        const value = pooledValue(encoded, start + feature, count, pooling);
        moments.sums[group + feature]! += value;
        if (value > moments.maxima[group + feature]!) moments.maxima[group + feature] = value;
        if (value > threshold) moments.counts[group + feature]!++;
      }
      targets.forEach(({ feature }, target) => {
        slotActivations[(first + i) * targets.length + target] = pooledValue(
          encoded,
          start + feature,
          count,
          pooling,
        );
      });
    });
  }
  return { moments, slotActivations };
}

/** Of a question's states: float32, as an activation is. */
function pooledValue(
  { moments: { sums, maxima, counts } }: Encoded,
  cell: number,
  states: number,
  pooling: FeaturePooling,
): number {
  switch (pooling) {
    case "mean":
      return Math.fround(sums[cell]! / states);
    case "max":
      return maxima[cell]!;
    case "any":
      return counts[cell]! > 0 ? 1 : 0;
  }
}

/** Rows `first` up to `first + count` of others. */
function part(rows: Rows, first: number, count: number): Rows {
  return { count, width: rows.width, read: (start, some) => rows.read(first + start, some) };
}
