/**
 * What lists of the strongest features would share if the relations' names meant nothing: the names are
 * permuted within persons, and the lists are made again.
 *
 * @module
 */
import type { LayerNulls } from "../results/layer_nulls.ts";
import { permutedGroups } from "../stats/max_t.ts";
import { blocksOf } from "./label_null.ts";
import { listOf, pairsOf } from "./lists.ts";
import type { Part, Questions } from "./questions.ts";

/** What two lists share, with names that are permuted again and again. */
export interface PermutedOverlaps {
  /** The mean over the permutations, each the mean over the pairs of lists. */
  readonly mean: number;
  /** Of 95 % of the permutations, the lowest. */
  readonly low: number;
  /** Of 95 % of the permutations, the highest. */
  readonly high: number;
  /** How many permutations there were. */
  readonly permutations: number;
}

/** How often names are permuted. */
const PERMUTATIONS = 199;
/** The seed of the permutations. */
const SEED = 3;

/**
 * The mean number of features that two lists share, names permuted again and again: among each person's
 * blocks of questions, or among all questions where no person has two relations.
 *
 * @param length How long a list is.
 * @returns Null if too many features can be on a list, so that their activations were not kept.
 */
export function permutedOverlaps(
  { record, lists: { features, activations } }: LayerNulls,
  questions: Questions,
  { part, length }: { part: Part; length: number },
): PermutedOverlaps | null {
  if (record.lists.too_many) return null;
  const blocks = blocksOf(questions, part);
  const count = part.at.length;
  const sizes = new Float64Array(blocks.groupOf.length);
  for (const block of blocks.blockOf) sizes[block]!++;
  const sums = features.map((_, row) => {
    const own = new Float64Array(sizes.length);
    blocks.blockOf.forEach((block, i) => own[block]! += activations[row * count + part.at[i]!]!);
    return own;
  });
  const groupCount = questions.groups.length;
  const overlaps = [...permutedGroups(blocks, { permutations: PERMUTATIONS, seed: SEED })]
    .map((groupOf) => overlapOf(sums, { groupOf, sizes, groupCount, length }))
    .sort((a, b) => a - b);
  return {
    mean: overlaps.reduce((sum, overlap) => sum + overlap, 0) / PERMUTATIONS,
    low: overlaps[Math.round(0.025 * (PERMUTATIONS + 1)) - 1]!,
    high: overlaps[Math.round(0.975 * (PERMUTATIONS + 1)) - 1]!,
    permutations: PERMUTATIONS,
  };
}

/** The mean over the pairs of lists, made of the sums of blocks that are called so. */
function overlapOf(
  sums: readonly Float64Array[],
  { groupOf, sizes, groupCount, length }: {
    groupOf: Int32Array;
    sizes: Float64Array;
    groupCount: number;
    length: number;
  },
): number {
  const counts = new Float64Array(groupCount);
  groupOf.forEach((group, block) => counts[group]! += sizes[block]!);
  const means = Array.from({ length: groupCount }, () => new Float64Array(sums.length));
  sums.forEach((own, feature) => {
    const totals = new Float64Array(groupCount);
    for (let block = 0; block < groupOf.length; block++) totals[groupOf[block]!]! += own[block]!;
    means.forEach((row, group) => row[feature] = totals[group]! / counts[group]!);
  });
  const lists = means.map((row) => new Set(listOf(row, length)));
  const pairs = pairsOf(groupCount);
  const shared = pairs.map(([one, other]) => lists[one]!.intersection(lists[other]!).size);
  return shared.reduce((sum, each) => sum + each, 0) / pairs.length;
}
