/**
 * @module
 */

/**
 * The positions of the greatest values, in descending order of the values; of equal ones the lower
 * position comes first.
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
  const positions = Array.from({ length: values.length }, (_, i) => i);
  positions.sort((a, b) => values[b]! - values[a]! || a - b);
  return positions.slice(0, count);
}
