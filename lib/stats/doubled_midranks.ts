/**
 * Ranks, with those of equal values shared.
 *
 * @module
 */
import { endOfEqual, sortedPlaces } from "./sorted_places.ts";

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
  const { sorted, places } = sortedPlaces(values);
  const n = sorted.length;
  const rankAt = new Float64Array(n);
  for (let first = 0; first < n;) {
    const end = endOfEqual(sorted, first);
    rankAt[first] = first + end + 1;
    first = end;
  }
  const ranks = new Float64Array(n);
  for (let i = 0; i < n; i++) ranks[i] = rankAt[places[i]!]!;
  return ranks;
}
