/**
 * The mean and the spread of values.
 *
 * @module
 */

/** Mean, standard deviation and how many values are over a threshold. */
export interface SampleMoments {
  /** How many values there are. */
  readonly n: number;
  /** Their mean; null of none. */
  readonly mean: number | null;
  /** Their standard deviation, divided by n − 1; null of fewer than two. */
  readonly deviation: number | null;
  /** How many are above the threshold. */
  readonly active: number;
}

/**
 * Mean and standard deviation in passes of their own, so that a mean far from 0 costs no digits; the sum keeps
 * what rounding takes from it, so that the mean has all of its digits also where values cancel.
 *
 * @param threshold A value above it counts as active; one that equals it does not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sampleMoments } from "@coact/coact";
 *
 * const found = sampleMoments([100000001, 100000002, 100000003], 0.1);
 * assert.deepEqual(found, { n: 3, mean: 100000002, deviation: 1, active: 3 });
 * ```
 */
export function sampleMoments(values: ArrayLike<number>, threshold: number): SampleMoments {
  const n = values.length;
  let active = 0;
  let sum = 0;
  let lost = 0; // what the sum has lost by rounding (Neumaier 1974)
  let greatest = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    if (value > threshold) active++;
    const next = sum + value;
    lost += Math.abs(sum) < Math.abs(value) ? value - next + sum : sum - next + value;
    sum = next;
    greatest = Math.max(greatest, Math.abs(value));
  }
  if (n === 0) return { n, mean: null, deviation: null, active };
  const mean = (sum + lost) / n;
  if (n === 1 || greatest === 0) return { n, mean, deviation: n === 1 ? null : 0, active };
  let rest = 0;
  for (let i = 0; i < n; i++) rest += values[i]! - mean;
  const offset = rest / n;
  // A power of two, so that squares of tiny or huge values are exact and stay within floats.
  const scale = 2 ** Math.floor(Math.log2(greatest));
  let squares = 0; // of deviations from the mean before it was rounded to a float's last place
  for (let i = 0; i < n; i++) squares += ((values[i]! - mean - offset) / scale) ** 2;
  return { n, mean, deviation: scale * Math.sqrt(squares / (n - 1)), active };
}
