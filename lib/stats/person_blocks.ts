/**
 * The questions of a person about one group, as one block: what can be permuted.
 *
 * @module
 */
import { doubledMidranks } from "./doubled_midranks.ts";

/** Which questions belong together: those of one person about one group. */
export interface PersonBlocks {
  /** How many groups there are. */
  readonly groupCount: number;
  /** How many questions there are. */
  readonly questionCount: number;
  /** The block of each question. */
  readonly blockOf: Int32Array<ArrayBuffer>;
  /** The group of each block; the blocks of a person stand together, their groups ascending. */
  readonly groupOf: Int32Array<ArrayBuffer>;
  /** Where the blocks of each person begin; one number more than there are persons. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** Whether labels can be permuted within persons: whether one of them is in two groups. */
  readonly isWithinPersons: boolean;
}

/**
 * Puts questions into blocks.
 *
 * @param groups The group of each question, from 0.
 * @param persons The person of each question, from 0. Default: each question is a person's only one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { personBlocks } from "@coact/coact";
 *
 * const { groupOf, starts } = personBlocks([0, 1, 0, 0, 1], [0, 0, 1, 1, 1]);
 * assert.deepEqual([...groupOf], [0, 1, 0, 1]); // person 1 has two questions about group 0
 * assert.deepEqual([...starts], [0, 2, 4]);
 * ```
 */
export function personBlocks(
  groups: ArrayLike<number>,
  persons?: ArrayLike<number>,
): PersonBlocks {
  const n = groups.length;
  const groupCount = greatest(groups) + 1;
  const person = (i: number) => persons === undefined ? i : persons[i]!;
  const order = Array.from({ length: n }, (_, i) => i);
  order.sort((a, b) => person(a) - person(b) || groups[a]! - groups[b]!);
  const blockOf = new Int32Array(n);
  const groupOf: number[] = [];
  const starts: number[] = [];
  order.forEach((question, at) => {
    const before = order[at - 1];
    const isNewPerson = before === undefined || person(before) !== person(question);
    if (isNewPerson) starts.push(groupOf.length);
    if (isNewPerson || groups[before] !== groups[question]) groupOf.push(groups[question]!);
    blockOf[question] = groupOf.length - 1;
  });
  starts.push(groupOf.length);
  return {
    groupCount,
    questionCount: n,
    blockOf,
    groupOf: Int32Array.from(groupOf),
    starts: Int32Array.from(starts),
    isWithinPersons: starts.length - 1 < groupOf.length,
  };
}

function greatest(numbers: ArrayLike<number>): number {
  let most = -1;
  for (let i = 0; i < numbers.length; i++) most = Math.max(most, numbers[i]!);
  return most;
}

/**
 * The score of each block: twice the sum of its questions' midranks, less that of as many questions in
 * the middle. Whole numbers; over all blocks they add up to 0.
 *
 * @param values A feature's activations, one a question.
 * @throws {RangeError} If an activation is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { blockScores, personBlocks } from "@coact/coact";
 *
 * const blocks = personBlocks([0, 1, 1], [0, 0, 0]);
 * assert.deepEqual([...blockScores([0.9, 0.1, 0.2], blocks)], [2, -2]);
 * ```
 */
export function blockScores(
  values: ArrayLike<number>,
  { blockOf, groupOf }: PersonBlocks,
): Float64Array<ArrayBuffer> {
  const ranks = doubledMidranks(values);
  const scores = new Float64Array(groupOf.length);
  for (let i = 0; i < ranks.length; i++) scores[blockOf[i]!]! += ranks[i]! - ranks.length - 1;
  return scores;
}
