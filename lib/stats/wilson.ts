/**
 * How sure a share is.
 *
 * E. B. Wilson, Journal of the American Statistical Association 22 (1927); with several questions a
 * person, the number of questions is divided by the design effect (Korn and Graubard, Survey
 * Methodology 24, 1998).
 *
 * @module
 */
import { NORMAL_QUANTILE } from "./normal_tail.ts";
import { studentQuantile } from "./t_tail.ts";

/** The ends of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

/** A share, and how sure it is. */
export interface Share {
  /** The share; null of nothing. */
  readonly share: number | null;
  /** Its 95 % interval. */
  readonly interval: Interval;
}

/** A share of questions of which persons have several. */
export interface ClusteredShare extends Share {
  /** The share's variance with persons as clusters; null of nothing, or of one person. */
  readonly variance: number | null;
  /** How many times as many questions are needed as with one a person; at least 1. */
  readonly designEffect: number | null;
  /** How many independent questions these are worth. */
  readonly nEffective: number;
}

/**
 * Wilson's 95 % interval of the share `k` of `n`.
 *
 * @param quantile How many standard deviations to each side. Default: the normal law's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wilson } from "@coact/coact";
 *
 * const { share, interval } = wilson(10, 10);
 * assert.equal(share, 1);
 * assert.deepEqual(interval.map((end) => end.toFixed(4)), ["0.7225", "1.0000"]);
 * ```
 */
export function wilson(k: number, n: number, quantile: number = NORMAL_QUANTILE): Share {
  if (n === 0) return { share: null, interval: [0, 1] };
  return { share: k / n, interval: wilsonInterval(k / n, n, quantile) };
}

/**
 * Wilson's interval around a share of `n` questions, which need not be a whole number.
 *
 * @param quantile How many standard deviations to each side.
 */
export function wilsonInterval(share: number, n: number, quantile: number): Interval {
  const z = quantile * quantile / n;
  const center = share + z / 2;
  const half = Math.sqrt(z * (share * (1 - share) + z / 4));
  const low = share === 0 ? 0 : (center - half) / (1 + z);
  const high = share === 1 ? 1 : (center + half) / (1 + z);
  return [Math.max(0, low), Math.min(1, high)];
}

/**
 * The share of questions over all persons, and its 95 % interval with persons as clusters: the
 * variance of the share between persons is compared with that of independent questions.
 *
 * @param hits How many of each person's questions count.
 * @param counts How many questions each person has.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { clusteredWilson } from "@coact/coact";
 *
 * const found = clusteredWilson([6, 6, 0, 6], [6, 6, 6, 6]); // one person has all of them wrong
 * assert.equal(found.share, 0.75);
 * assert.equal(found.designEffect?.toFixed(3), "8.000");
 * ```
 */
export function clusteredWilson(
  hits: ArrayLike<number>,
  counts: ArrayLike<number>,
): ClusteredShare {
  let [k, n, persons] = [0, 0, 0];
  for (let i = 0; i < counts.length; i++) {
    k += hits[i]!;
    n += counts[i]!;
    if (counts[i]! > 0) persons++;
  }
  if (n === 0) {
    return { share: null, interval: [0, 1], variance: null, designEffect: null, nEffective: 0 };
  }
  const share = k / n;
  if (persons === 1) {
    const interval: Interval = [0, 1]; // one person says nothing of others
    return { share, interval, variance: null, designEffect: n, nEffective: 1 };
  }
  let squares = 0;
  for (let i = 0; i < counts.length; i++) squares += (hits[i]! * n - counts[i]! * k) ** 2;
  const variance = persons / (persons - 1) * squares / n ** 4;
  const isExtreme = k === 0 || k === n;
  const designEffect = isExtreme ? n / persons : Math.max(1, variance / (share * (1 - share) / n));
  const nEffective = n / designEffect;
  const interval = wilsonInterval(share, nEffective, studentQuantile(persons - 1));
  return { share, interval, variance, designEffect, nEffective };
}
