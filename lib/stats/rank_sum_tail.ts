/**
 * How surprising a group's rank sum is if the groups' names mean nothing within a person.
 *
 * @module
 */
import { type DrawnTail, drawnTail } from "./drawn_tail.ts";
import { blockScores, type PersonBlocks, personBlocks } from "./person_blocks.ts";
import { type StratifiedTail, stratifiedTail } from "./stratified_tail.ts";

/** Two-sided p of a rank sum, and what it was made of. */
export interface RankSumTail {
  /** log10 of the two-sided p; 0 where nothing can be told, never minus infinity. */
  readonly log10P: number;
  /** Twice the sum of the group's centred midranks: 2·n₁·n₀·(AUROC − ½). */
  readonly scoreDoubled: number;
  /** The score less its mean under permutation. */
  readonly scoreCentred: number;
  /** The score's variance under permutation. */
  readonly scoreVariance: number;
  /** The branch of the method: no variance, within .01 standard deviations, the largest, the rest. */
  readonly branch: "constant" | "middle" | "edge" | "saddlepoint";
}

/**
 * The p of a feature for a group: the tail of its rank sum if the groups' names are permuted among each
 * person's blocks of questions, by the saddlepoint approximation. Where no persons are known, or each
 * is in one group only, the group's blocks are drawn from all.
 *
 * It tests whether the group, with its wordings and lengths, changes anything within a person. It is
 * never below the exact tail by more than .03 in log10, and above it by .2 to .5, 1.2 at the worst.
 *
 * @param values A feature's activations, one a question.
 * @param design The group of each question; whose it is, from 0; the group that is asked about.
 * @returns Null if the group has no question, or all.
 * @throws {RangeError} If an activation is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rankSumTail } from "@coact/coact";
 *
 * const values = [0.9, 0.1, 0.8, 0.4, 0.7, 0.5];
 * const design = { groups: [0, 1, 0, 1, 0, 1], persons: [0, 0, 1, 1, 2, 2], group: 0 };
 * const found = rankSumTail(values, design);
 * assert.equal(found?.branch, "edge"); // each person's question of the group is the higher one
 * assert.equal(found?.log10P.toFixed(9), Math.log10(1 / 4).toFixed(9)); // twice (1/2)³
 * ```
 */
export function rankSumTail(
  values: ArrayLike<number>,
  { groups, persons, group }: {
    groups: ArrayLike<number>;
    persons?: ArrayLike<number> | undefined;
    group: number;
  },
): RankSumTail | null {
  return blockSumTail(values, personBlocks(groups, persons), group);
}

/**
 * {@linkcode rankSumTail} of questions that are in blocks already: for many features of the same ones.
 *
 * @returns Null if the group has no question, or all.
 * @throws {RangeError} If an activation is NaN.
 */
export function blockSumTail(
  values: ArrayLike<number>,
  blocks: PersonBlocks,
  group: number,
): RankSumTail | null {
  const count = blocks.groupOf.reduce((sum, each) => sum + Number(each === group), 0);
  if (count === 0 || count === blocks.groupOf.length) return null;
  return blockTail(blockScores(values, blocks), blocks, group);
}

/**
 * The tail of a group's score from the scores of all blocks.
 *
 * @param scores Of each block, whole numbers; the group has some of the blocks, not all.
 */
export function blockTail(
  scores: Float64Array,
  { groupOf, starts, isWithinPersons }: PersonBlocks,
  group: number,
): RankSumTail {
  if (!isWithinPersons) {
    const isIn = Array.from(groupOf, (each) => each === group);
    return named(drawnTail(scores, isIn));
  }
  const strata: Float64Array[] = [];
  let scoreDoubled = 0;
  for (let person = 0; person + 1 < starts.length; person++) {
    const [start, end] = [starts[person]!, starts[person + 1]!];
    const at = groupOf.subarray(start, end).indexOf(group);
    if (at === -1) continue;
    strata.push(scores.subarray(start, end));
    scoreDoubled += scores[start + at]!;
  }
  return named(stratifiedTail(strata, scoreDoubled));
}

function named(
  { observed, centred, variance, lnTail, branch }: DrawnTail | StratifiedTail,
): RankSumTail {
  return {
    log10P: lnTail === 0 ? 0 : Math.min(0, (lnTail + Math.LN2) / Math.LN10),
    scoreDoubled: observed,
    scoreCentred: centred / 2,
    scoreVariance: variance / 4,
    branch,
  };
}
