/**
 * How far out a value lies under a normal law, in logarithms: they do not underflow.
 *
 * @module
 */
import { ERF_ALONE, erfOfSmall, scaledErfc } from "./erfc.ts";

/** The 97.5 % quantile of the standard normal law. */
export const NORMAL_QUANTILE = 1.9599639845400543;

/**
 * Mills' ratio Q(z)/φ(z) of the standard normal law: its upper tail over its density.
 *
 * @param z At least 0.
 */
export function millsRatio(z: number): number {
  return Math.sqrt(Math.PI / 2) * scaledErfc(z * Math.SQRT1_2);
}

/**
 * ln Q(z), the natural logarithm of the standard normal law's upper tail, for any z.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lnNormalTail } from "@coact/coact";
 *
 * assert.equal(lnNormalTail(0), Math.log(0.5));
 * assert.equal(lnNormalTail(40).toFixed(6), "-804.608442"); // the tail itself would be 0
 * ```
 */
export function lnNormalTail(z: number): number {
  if (z < 0) return Math.log1p(-Math.exp(lnNormalTail(-z)));
  const x = z * Math.SQRT1_2;
  return -x * x + Math.log(scaledErfc(x) / 2);
}

/**
 * log10 of the probability that a standard normal value is as far from 0 as `z`, or farther.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { log10NormalTwoSided } from "@coact/coact";
 *
 * assert.equal(log10NormalTwoSided(-1.9599639845400543).toFixed(9), Math.log10(0.05).toFixed(9));
 * ```
 */
export function log10NormalTwoSided(z: number): number {
  const x = Math.abs(z) * Math.SQRT1_2;
  const ln = x <= ERF_ALONE ? Math.log1p(-erfOfSmall(x)) : Math.log(scaledErfc(x)) - x * x;
  return ln === 0 ? 0 : ln / Math.LN10;
}
