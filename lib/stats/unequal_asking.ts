/**
 * Whether persons are asked about some groups more than about others: the blocks whose names are permuted
 * are then not alike, even where the groups mean nothing.
 *
 * @module
 */
import type { PersonBlocks } from "./person_blocks.ts";

/** Further than so many standard errors from what draws of blocks make of it, a number is no chance. */
const FAR = 2;

/** How persons are asked about some groups more than about others. */
export type UnequalAsking =
  | {
    /** Names are permuted within persons. */
    readonly among: "blocks of a person";
    /** How many persons have unequally many questions about the groups that they are asked about. */
    readonly persons: number;
  }
  | {
    /** Each person is asked about one group only, and names are permuted among all. */
    readonly among: "persons";
    /** How many questions a person has on average: in the group with the fewest, and with the most. */
    readonly questions: readonly [least: number, most: number];
  };

/**
 * How blocks that trade names differ in their numbers of questions; undefined if they do not, or if each
 * person is asked about one group only and no group has more or fewer questions than draws would give it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { personBlocks, unequalAsking } from "@coact/coact";
 *
 * const blocks = personBlocks([0, 0, 1, 0, 1], [0, 0, 0, 1, 1]);
 * assert.deepEqual(unequalAsking(blocks), { among: "blocks of a person", persons: 1 });
 * ```
 */
export function unequalAsking(blocks: PersonBlocks): UnequalAsking | undefined {
  const sizes = new Float64Array(blocks.groupOf.length);
  for (const block of blocks.blockOf) sizes[block]!++;
  if (blocks.isWithinPersons) {
    const persons = unequalPersons(sizes, blocks.starts);
    return persons === 0 ? undefined : { among: "blocks of a person", persons };
  }
  const questions = unequalMeans(sizes, blocks);
  return questions && { among: "persons", questions };
}

function unequalPersons(sizes: Float64Array, starts: Int32Array): number {
  let persons = 0;
  for (let person = 0; person + 1 < starts.length; person++) {
    const own = sizes.subarray(starts[person]!, starts[person + 1]!);
    if (own.some((size) => size !== own[0])) persons++;
  }
  return persons;
}

/** The least and the greatest mean of a group, if one is farther from that of all than draws make it. */
function unequalMeans(
  sizes: Float64Array,
  { groupOf, groupCount }: PersonBlocks,
): [least: number, most: number] | undefined {
  const { length } = sizes;
  const mean = sizes.reduce((sum, size) => sum + size, 0) / length;
  const variance = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / (length - 1);
  const groups = Array.from({ length: groupCount }, (_, group) => {
    const own = sizes.filter((_, block) => groupOf[block] === group);
    return { count: own.length, mean: own.reduce((sum, size) => sum + size, 0) / own.length };
  }).filter(({ count }) => count > 0);
  const isFar = groups.some((own) => {
    const error = Math.sqrt(variance * (1 / own.count - 1 / length)); // none is drawn twice
    return Math.abs(own.mean - mean) > FAR * error;
  });
  if (!isFar || groups.length < 2) return undefined;
  const means = groups.map((own) => own.mean);
  return [Math.min(...means), Math.max(...means)];
}
