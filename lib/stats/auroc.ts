/**
 * How well a feature tells a group from the rest.
 *
 * @module
 */
import { doubledMidranks } from "./doubled_midranks.ts";

/** How a feature ranks the questions of a group among the others. */
export interface Auroc {
  /** How many questions are in the group. */
  readonly nIn: number;
  /** How many are not. */
  readonly nOut: number;
  /** Twice the Mann-Whitney U of the group, a whole number. */
  readonly uDoubled: number;
  /**
   * The probability that a question of the group has the higher activation of a pair, ties counted as
   * half; null if there is no pair.
   */
  readonly auroc: number | null;
}

/**
 * The area under the receiver operating characteristic: of all pairs of a question in the group and
 * one outside, the share in which the one in the group has the higher activation, ties as half.
 *
 * @param values A feature's activations, one a question.
 * @param inGroup Whether each question is in the group: 1 or true, 0 or false.
 * @throws {RangeError} If an activation is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { auroc } from "@coact/coact";
 *
 * assert.equal(auroc([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0]).auroc, 0.875);
 * assert.equal(auroc([0.9, 0.4], [1, 1]).auroc, null); // nothing to compare with
 * ```
 */
export function auroc(
  values: ArrayLike<number>,
  inGroup: ArrayLike<number | boolean>,
): Auroc {
  const ranks = doubledMidranks(values);
  let nIn = 0;
  let sum = 0;
  for (let i = 0; i < ranks.length; i++) {
    if (!inGroup[i]) continue;
    nIn++;
    sum += ranks[i]!;
  }
  const nOut = ranks.length - nIn;
  const uDoubled = sum - nIn * (nIn + 1);
  return { nIn, nOut, uDoubled, auroc: nIn * nOut === 0 ? null : uDoubled / (2 * nIn * nOut) };
}
