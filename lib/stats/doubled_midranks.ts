/**
 * Ranks, with those of equal values shared.
 *
 * @module
 */

/**
 * Twice the midrank of each value: a whole number, for equal values share the mean of their ranks.
 * The lowest of n different values has 2, the highest 2n; -0 equals 0.
 *
 * @throws {RangeError} If a value is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { doubledMidranks } from "@coact/coact";
 *
 * assert.deepEqual([...doubledMidranks([0.3, 0, 0.9, 0])], [6, 3, 8, 3]);
 * ```
 */
export function doubledMidranks(values: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const n = values.length;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(values[i])) throw new RangeError(`Cannot rank values: number ${i} is NaN`);
    order[i] = i;
  }
  order.sort((a, b) => values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : 0);
  const ranks = new Float64Array(n);
  for (let first = 0; first < n;) {
    let end = first + 1;
    while (end < n && values[order[end]!] === values[order[first]!]) end++;
    for (let i = first; i < end; i++) ranks[order[i]!] = first + end + 1;
    first = end;
  }
  return ranks;
}
