/**
 * How many features are needed for each relation? Over how many its activation is spread.
 *
 * @module
 */
import { effectiveNumber } from "../stats/effective_number.ts";
import { topFeatures } from "../stats/top_features.ts";
import type { Site } from "./site.ts";

/** How a relation's mean activation is spread over the free features. */
export interface Concentration {
  /** The relation. */
  readonly group: string;
  /** How many free features have a mean above 0. */
  readonly active: number;
  /** (Σa)²/Σa²; null if nothing is active. */
  readonly participationRatio: number | null;
  /** e to the entropy of the shares; null if nothing is active. */
  readonly expEntropy: number | null;
  /** The share of the whole that the strongest has; null if nothing is active. */
  readonly strongest: number | null;
  /** That of the ten strongest. */
  readonly strongestTen: number | null;
}

/** How each relation's mean activation is spread over the free features of a site. */
export function concentrationsOf(site: Site): Concentration[] {
  const { record: { groups, n_features }, measures } = site.found;
  return groups.map(({ key }, group) => {
    const means = measures.mean_in
      .subarray(group * n_features, group * n_features + site.freeCount)
      .map((mean) => Math.max(0, mean));
    const total = means.reduce((sum, mean) => sum + mean, 0);
    const shareOf = (count: number) =>
      total === 0 ? null : topFeatures(means, count)
        .reduce((sum, feature) => sum + means[feature]!, 0) / total;
    return {
      group: key,
      active: means.reduce((count, mean) => count + Number(mean > 0), 0),
      ...effectiveNumber(means),
      strongest: shareOf(1),
      strongestTen: shareOf(10),
    };
  });
}
