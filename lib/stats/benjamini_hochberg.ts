/**
 * Which of many tests are discoveries.
 *
 * Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995), in logarithms, in which
 * nothing underflows.
 *
 * @module
 */

/**
 * log10 of each test's q: of the tests with a q as low, the share expected to be false.
 *
 * @param log10P log10 of each p; null is no test.
 * @returns log10 of each q, at most 0; null where there is no test. Tests with equal p have equal q.
 * @throws {RangeError} If a log10 p is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { benjaminiHochberg } from "@coact/coact";
 *
 * const q = benjaminiHochberg([-400, null, -1, 0]);
 * assert.deepEqual(q.map((each) => each?.toFixed(3)), ["-399.523", undefined, "-0.824", "0.000"]);
 * ```
 */
export function benjaminiHochberg(log10P: ArrayLike<number | null>): (number | null)[] {
  const tests: number[] = [];
  for (let i = 0; i < log10P.length; i++) {
    if (Number.isNaN(log10P[i])) throw new RangeError(`Cannot rank p: number ${i} is NaN`);
    if (log10P[i] !== null) tests.push(i);
  }
  const sorted = Float64Array.from(tests, (i) => log10P[i]!).sort();
  const q = sortedLog10Q(sorted);
  return Array.from(log10P, (p) => p === null ? null : q[lowerBound(sorted, p)]!);
}

/**
 * log10 of q for log10 p in ascending order; of equal p, the first has the q of all.
 *
 * @param sorted log10 p, ascending.
 */
export function sortedLog10Q(sorted: Float64Array): Float64Array<ArrayBuffer> {
  const q = new Float64Array(sorted.length);
  const lnTests = Math.log10(sorted.length);
  let least = 0;
  for (let i = sorted.length - 1; i >= 0; i--) {
    least = Math.min(least, sorted[i]! + lnTests - Math.log10(i + 1));
    q[i] = least;
  }
  return q;
}

/** Where the first value stands that is not below `wanted`. */
export function lowerBound(sorted: Float64Array, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
