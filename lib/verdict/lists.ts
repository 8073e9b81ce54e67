/**
 * Lists of the strongest features.
 *
 * @module
 */
import { topFeatures } from "../stats/top_features.ts";

/** The features with the highest means, of those above 0. */
export function listOf(means: ArrayLike<number>, length: number): number[] {
  return topFeatures(means, length).filter((feature) => means[feature]! > 0);
}

/** The pairs of so many groups. */
export function pairsOf(count: number): [number, number][] {
  return Array.from(
    { length: count },
    (_, one) =>
      Array.from({ length: count - one - 1 }, (_, k): [number, number] => [one, one + k + 1]),
  ).flat();
}
