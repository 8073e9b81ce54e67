/**
 * Whether persons are asked about some groups more than about others: the blocks whose names are permuted
 * are then not alike, even where the groups mean nothing.
 *
 * @module
 */
import type { PersonBlocks } from "./person_blocks.ts";
import { blockTail } from "./rank_sum_tail.ts";

/** At this p, of all groups together, permuted names do not make a group's number of questions. */
const LEVEL = 0.05;

/** How persons are asked about some groups more than about others. */
export type UnequalAsking =
  | {
    /** Names are permuted within persons. */
    readonly among: "blocks of a person";
    /** How many persons have unequally many questions about the groups that they are asked about. */
    readonly persons: number;
    /** Whether a group has more of the questions, or fewer, than permuted names mostly give it. */
    readonly isOneSided: boolean;
  }
  | {
    /** Each person is asked about one group only, and names are permuted among all. */
    readonly among: "persons";
    /** How many questions a person has on average: in the group with the fewest, and with the most. */
    readonly questions: readonly [least: number, most: number];
  };

/**
 * How blocks that trade names differ in their numbers of questions; undefined if they do not, or if each
 * person is asked about one group only and no group has more or fewer questions than draws mostly give it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { personBlocks, unequalAsking } from "@coact/coact";
 *
 * const blocks = personBlocks([0, 0, 1, 0, 1], [0, 0, 0, 1, 1]);
 * assert.deepEqual(unequalAsking(blocks), {
 *   among: "blocks of a person",
 *   persons: 1,
 *   isOneSided: false, // of one person, chance may make it
 * });
 * ```
 */
export function unequalAsking(blocks: PersonBlocks): UnequalAsking | undefined {
  const sizes = new Float64Array(blocks.groupOf.length);
  for (const block of blocks.blockOf) sizes[block]!++;
  if (blocks.isWithinPersons) {
    const persons = unequalPersons(sizes, blocks.starts);
    if (persons === 0) return undefined;
    return { among: "blocks of a person", persons, isOneSided: isOneSided(sizes, blocks) };
  }
  if (!isOneSided(sizes, blocks)) return undefined;
  return { among: "persons", questions: extremeMeans(sizes, blocks) };
}

function unequalPersons(sizes: Float64Array, starts: Int32Array): number {
  let persons = 0;
  for (let person = 0; person + 1 < starts.length; person++) {
    const own = sizes.subarray(starts[person]!, starts[person + 1]!);
    if (own.some((size) => size !== own[0])) persons++;
  }
  return persons;
}

/** Whether permuted names mostly give some group another number of questions, in one direction, than it has. */
function isOneSided(sizes: Float64Array, blocks: PersonBlocks): boolean {
  const groups = [...new Set(blocks.groupOf)];
  const free = groups.length - 1; // the numbers of all groups have a fixed sum
  return free > 0 && groups.some((group) => {
    const { log10P } = blockTail(sizes, blocks, group);
    return log10P <= Math.log10(LEVEL / free);
  });
}

/** The least and the greatest mean of a group. */
function extremeMeans(
  sizes: Float64Array,
  { groupOf }: PersonBlocks,
): [least: number, most: number] {
  const means = [...new Set(groupOf)].map((group) => {
    const own = sizes.filter((_, block) => groupOf[block] === group);
    return own.reduce((sum, size) => sum + size, 0) / own.length;
  });
  return [Math.min(...means), Math.max(...means)];
}
