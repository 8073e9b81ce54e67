/**
 * Encodes several states a question and pools the features: an SAE is not linear, so that the mean of
 * the features is not the feature of the mean.
 *
 * @module
 */
import type { Rows } from "../../files/rows.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import { columnRuns } from "./columns.ts";
import { addTile, emptyReductions } from "./reductions.ts";

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
 * Encodes states and pools the features of each question. What is reduced is the pooled features; each
 * question is a group of states to the backend.
 *
 * @param encode Encodes states in groups, and reduces each.
 */
export async function encodePooled(
  { hidden, groupSizes, sae, threshold, stateCounts, pooling, columns }: PooledInput,
  encode: (input: EncodeInput) => Promise<Encoded>,
): Promise<Encoded> {
  const { featureCount, targets } = sae;
  const questions = stateCounts.length;
  const reductions = emptyReductions({ groupSizes }, featureCount);
  const keptActivations = new Float32Array(questions * targets.length);
  // Whoever wants columns wants all questions of each: they wait here.
  const all = columns && new Float32Array(featureCount * questions);
  const groupOf = groupSizes.flatMap((size, group) => Array<number>(size).fill(group));
  const atOnce = Math.max(1, Math.floor(MOST_AT_ONCE / featureCount));
  let row = 0;
  for (let first = 0; first < questions; first += atOnce) {
    const counts = stateCounts.slice(first, first + atOnce);
    const states = counts.reduce((sum, count) => sum + count, 0);
    const some = part(hidden, row, states);
    const encoded = await encode({ hidden: some, groupSizes: counts, sae, threshold: 0 });
    row += states;
    counts.forEach((count, i) => {
      const question = first + i;
      const pooled = Float32Array.from(
        { length: featureCount },
        (_, feature) => pooledValue(encoded, i * featureCount + feature, count, pooling),
      );
      const place = { segment: groupOf[question]!, first: question, firstFeature: 0 };
      const isAbove = pooled.map((value) => Number(value > threshold));
      addTile(reductions, place, (name) => name === "counts" ? isAbove : pooled);
      targets.forEach(({ feature }, target) => {
        keptActivations[question * targets.length + target] = pooled[feature]!;
      });
      if (all) pooled.forEach((value, feature) => all[feature * questions + question] = value);
    });
  }
  if (columns && all) {
    for (const { first, count } of columnRuns(featureCount, questions)) {
      const values = all.slice(first * questions, (first + count) * questions);
      await columns({ first, count, questions, values });
    }
  }
  return { reductions, keptActivations };
}

/** Of a question's states: float32, as an activation is. */
function pooledValue(
  { reductions: { sums, maxima, counts } }: Encoded,
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
