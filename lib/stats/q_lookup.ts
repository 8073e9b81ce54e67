/**
 * Gives each of many tests its q.
 *
 * @module
 */
import { sortedLog10Q } from "./benjamini_hochberg.ts";

/**
 * Looks up q by p, for many tests at a time: they are sorted, and passed beside all tests. A search for each
 * among 720,000 would take ten times as long, for it looks at memory here and there.
 */
export class QLookup {
  readonly #sorted: Float64Array;
  readonly #q: Float64Array;

  /**
   * Computes q, after Benjamini and Hochberg.
   *
   * @param sorted log10 p of all tests, ascending; none is above 0.
   */
  constructor(sorted: Float64Array) {
    this.#sorted = sorted;
    this.#q = sortedLog10Q(sorted);
  }

  /**
   * log10 q of tests.
   *
   * @param log10P log10 p of each, one of those that were sorted; NaN is no test.
   * @returns NaN where there is no test.
   */
  of(log10P: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
    const log10Q = new Float64Array(log10P.length).fill(NaN);
    const [sorted, q] = [this.#sorted, this.#q];
    let at = 0;
    for (const test of ascending(log10P)) {
      const p = log10P[test]!;
      while (sorted[at]! < p) at++;
      log10Q[test] = q[at]!;
    }
    return log10Q;
  }
}

/** So many bits are sorted by at a time. */
const DIGIT = 11;
const DIGITS = 2 ** DIGIT;

/**
 * The positions of values that are not NaN, in ascending order of them, by a radix sort.
 *
 * @param values None is above 0, so that the larger their bits are, the lower they are.
 */
function ascending(values: Float64Array<ArrayBuffer>): Uint32Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  let order = new Uint32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) order[count++] = i;
  order = order.subarray(0, count);
  let next = new Uint32Array(count);
  const ends = new Uint32Array(DIGITS);
  // Of each value the lower 32 bits come first in memory; of the upper ones the first is the sign.
  for (const [word, shifts] of [[0, [0, 11, 22]], [1, [0, 11, 22]]] as const) {
    for (const shift of shifts) {
      const mask = word === 1 && shift === 22 ? 2 ** 9 - 1 : DIGITS - 1;
      ends.fill(0);
      for (let k = 0; k < count; k++) ends[words[2 * order[k]! + word]! >>> shift & mask]!++;
      let end = 0;
      for (let digit = 0; digit < DIGITS; digit++) end = ends[digit]! += end;
      // From the back, so that equal digits stay in their order.
      for (let k = count - 1; k >= 0; k--) {
        const i = order[k]!;
        const digit = words[2 * i + word]! >>> shift & mask;
        next[--ends[digit]!] = i;
      }
      [order, next] = [next, order];
    }
  }
  return order.reverse();
}
