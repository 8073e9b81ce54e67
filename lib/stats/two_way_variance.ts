/**
 * A variance with two kinds of clusters that cross: persons and wordings.
 *
 * Cameron, Gelbach and Miller, Journal of Business & Economic Statistics 29 (2011); Owen, Annals of
 * Applied Statistics 1 (2007).
 *
 * @module
 */

/** From so many persons and so many wordings on each side, an interval can hold for others of both. */
export const LEAST_OF_EACH = 10;

/** The variance of the same estimate with clusters of three kinds. */
export interface ClusterVariances {
  /** With persons as clusters. */
  readonly persons: number;
  /** With wordings as clusters. */
  readonly wordings: number;
  /** With the questions of a person in a wording as clusters. */
  readonly both: number;
}

/**
 * The variance over persons and wordings: V_person + V_wording − V_both. With few clusters this can come
 * out at 0 or below though the others do not; then it is the larger of the first two.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { twoWayVariance } from "@coact/coact";
 *
 * assert.equal(twoWayVariance({ persons: 4, wordings: 3, both: 2 }), 5);
 * assert.equal(twoWayVariance({ persons: 1, wordings: 2, both: 3 }), 2);
 * ```
 */
export function twoWayVariance({ persons, wordings, both }: ClusterVariances): number {
  const variance = persons + wordings - both;
  return variance > 0 ? variance : Math.max(persons, wordings);
}
