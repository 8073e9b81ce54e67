/**
 * The greatest of many values.
 *
 * @module
 */

/** So many times as many positions as wanted are kept before the least are dropped. */
const SLACK = 4;

/**
 * The positions of the greatest values, in descending order of the values; of equal ones the lower
 * position comes first. It looks at each value once, and sorts only the few that are near the top.
 *
 * @param count How many; all if there are fewer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { topFeatures } from "@coact/coact";
 *
 * assert.deepEqual(topFeatures([0.1, 0.7, 0.3, 0.7], 3), [1, 3, 2]);
 * ```
 */
export function topFeatures(values: ArrayLike<number>, count: number): number[] {
  const descending = (a: number, b: number) => values[b]! - values[a]! || a - b;
  if (count <= 0) return [];
  let kept: number[] = [];
  let least = -Infinity;
  for (let i = 0; i < values.length; i++) {
    // An equal value further on comes after those that are kept.
    if (kept.length >= count && values[i]! <= least) continue;
    kept.push(i);
    if (kept.length < SLACK * count) continue;
    kept = kept.sort(descending).slice(0, count);
    least = values[kept.at(-1)!]!;
  }
  return kept.sort(descending).slice(0, count);
}
