/**
 * A feature of its own for each group.
 *
 * @module
 */

/** A feature that could stand for a group. */
export interface Candidate {
  /** The group's number. */
  readonly group: number;
  /** The feature's number. */
  readonly feature: number;
  /** How well it tells the group apart. */
  readonly auroc: number;
}

/**
 * Gives each group a feature of its own: the best pair of all comes first, and no feature stands for two
 * groups. Of equal ones, the lower group and the lower feature come first.
 *
 * @returns The feature of each group, by the group's number; a group for which none is left has none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { assignApart } from "@coact/coact";
 *
 * const found = assignApart([
 *   { group: 0, feature: 7, auroc: 0.9 },
 *   { group: 0, feature: 8, auroc: 0.7 },
 *   { group: 1, feature: 7, auroc: 0.95 },
 * ]);
 * assert.deepEqual([...found], [[1, 7], [0, 8]]);
 * ```
 */
export function assignApart(candidates: readonly Candidate[]): Map<number, number> {
  const best = candidates.toSorted((a, b) =>
    b.auroc - a.auroc || a.group - b.group || a.feature - b.feature
  );
  const features = new Map<number, number>();
  const taken = new Set<number>();
  for (const { group, feature } of best) {
    if (features.has(group) || taken.has(feature)) continue;
    features.set(group, feature);
    taken.add(feature);
  }
  return features;
}
