/**
 * Over how many features a relation's activation is spread.
 *
 * @module
 */

/** Two counts of features, each weighted by its share of the whole; null if nothing is active. */
export interface EffectiveNumber {
  /** (Σa)²/Σa²: the participation ratio, in which strong features weigh more. */
  readonly participationRatio: number | null;
  /** e to the entropy of the shares, in which weak features weigh more. */
  readonly expEntropy: number | null;
}

/**
 * The effective number of features: as many equally strong ones would be as concentrated.
 *
 * @param means A relation's mean activations; those below 0 count as 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { effectiveNumber } from "@coact/coact";
 *
 * assert.equal(effectiveNumber([2, 2, 0, -1]).participationRatio, 2);
 * assert.equal(effectiveNumber([0, 0]).participationRatio, null);
 * ```
 */
export function effectiveNumber(means: ArrayLike<number>): EffectiveNumber {
  let greatest = 0;
  for (let i = 0; i < means.length; i++) greatest = Math.max(greatest, means[i]!);
  if (greatest === 0) return { participationRatio: null, expEntropy: null };
  let [sum, squares, logs] = [0, 0, 0];
  for (let i = 0; i < means.length; i++) {
    const a = Math.max(0, means[i]!) / greatest;
    sum += a;
    squares += a * a;
    if (a > 0) logs += a * Math.log(a);
  }
  return {
    participationRatio: sum * sum / squares,
    expEntropy: Math.exp(Math.log(sum) - logs / sum),
  };
}
