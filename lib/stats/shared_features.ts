/**
 * How many features the lists of two groups share.
 *
 * @module
 */
import { topFeatures } from "./top_features.ts";

/**
 * The lists of groups: of each, the features with the greatest AUROC above ½.
 *
 * @param auroc `[groups, features]`, rows first; NaN where there is none.
 * @param shape How many groups, of how many features how many are looked at, and the length of a list.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { topLists } from "@coact/coact";
 *
 * const auroc = Float64Array.of(0.9, 0.5, 0.7, 0.2, 0.8, 0.6);
 * assert.deepEqual(topLists(auroc, { groups: 2, stride: 3, end: 3, length: 2 }), [[0, 2], [1, 2]]);
 * ```
 */
export function topLists(
  auroc: Float64Array,
  { groups, stride, end, length }: { groups: number; stride: number; end: number; length: number },
): number[][] {
  return Array.from({ length: groups }, (_, group) => {
    const row = auroc.subarray(group * stride, group * stride + end);
    const scores = row.map((value) => value > 0.5 ? value : 0);
    return topFeatures(scores, length).filter((feature) => scores[feature]! > 0);
  });
}

/**
 * How many features each pair of lists shares, `[lists, lists]`, rows first; on the diagonal stands how
 * long a list is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sharedCounts } from "@coact/coact";
 *
 * assert.deepEqual([...sharedCounts([[0, 2], [1, 2]])], [2, 1, 1, 2]);
 * ```
 */
export function sharedCounts(lists: readonly (readonly number[])[]): Float64Array<ArrayBuffer> {
  const sets = lists.map((list) => new Set(list));
  return Float64Array.from(
    sets.flatMap((first) => sets.map((second) => first.intersection(second).size)),
  );
}
