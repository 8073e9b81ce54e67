/**
 * The one rule by which the best features of a group are chosen.
 *
 * @module
 */
import { LEAST_PERSONS } from "./selectivity/selectivity.ts";

/** A feature that is higher for a group. */
export interface HigherFeature {
  /** Its number. */
  readonly feature: number;
  /** Its AUROC on the questions on which it is chosen. */
  readonly auroc: number;
}

/** What is known of features, on the questions on which they are chosen. */
export interface FeatureScores {
  /** The AUROC of one; NaN where there is none. */
  readonly aurocOf: (feature: number) => number;
  /** How many persons have it active in the group. */
  readonly personsActive: (feature: number) => number;
}

/**
 * The features that are higher for a group than for the others, those with the highest AUROC first; of
 * equal ones the lower comes first. Features that fewer than ten persons have active in the group would
 * have no interval: they are passed over, unless all are such.
 *
 * @returns One after the other: whoever takes the first few looks at no more persons than these need.
 */
export function* higherFeatures(
  features: readonly number[],
  { aurocOf, personsActive }: FeatureScores,
): Generator<HigherFeature, void, undefined> {
  const higher = features.map((feature) => ({ feature, auroc: aurocOf(feature) }))
    .filter(({ auroc }) => auroc > 0.5)
    .sort((a, b) => b.auroc - a.auroc || a.feature - b.feature);
  let areAllSilent = true;
  for (const each of higher) {
    if (personsActive(each.feature) < LEAST_PERSONS) continue;
    areAllSilent = false;
    yield each;
  }
  if (areAllSilent) yield* higher;
}
