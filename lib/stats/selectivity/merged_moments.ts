/**
 * The moments of several parts together.
 *
 * @module
 */

/** How many values a part has, their mean, and the sum of squared deviations from it. */
export interface MergedMoments {
  /** How many. */
  readonly n: number;
  /** Their mean. */
  readonly mean: number;
  /** The mean less a number near it, which is known to more digits. */
  readonly distance: number;
  /** The sum of squared deviations. */
  readonly squares: number;
}

/** Those of no part. */
export const NOTHING: MergedMoments = { n: 0, mean: 0, distance: 0, squares: 0 };

/** The moments of two parts together (Chan, Golub and LeVeque 1983). */
export function merge(one: MergedMoments, other: MergedMoments): MergedMoments {
  const n = one.n + other.n;
  if (n === 0) return one;
  const gap = other.distance - one.distance;
  const share = other.n / n;
  return {
    n,
    mean: one.mean + (other.mean - one.mean) * share,
    distance: one.distance + gap * share,
    squares: one.squares + other.squares + gap * gap * share * one.n,
  };
}
