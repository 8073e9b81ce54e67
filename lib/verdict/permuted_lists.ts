/**
 * What lists of the strongest features would share if the relations' names meant nothing: the names are
 * permuted within persons, and the lists are made again.
 *
 * @module
 */
import { type DrawnRange, drawnRange } from "../stats/blind_overlaps.ts";
import type { LayerNulls } from "../results/layer_nulls.ts";
import { permutedGroups } from "../stats/max_t.ts";
import { blocksOf } from "./label_null.ts";
import { listOf, pairsOf } from "./lists.ts";
import type { Part, Questions } from "./questions.ts";

/** What two lists share, in the mean over the pairs of lists, with names permuted again and again. */
export interface PermutedOverlaps extends DrawnRange {
  /** How many permutations there were. */
  readonly permutations: number;
  /** What the lists of each pair share. */
  readonly pairs: readonly DrawnRange[];
}

/** The features that may be on a list, and whether they are too many to be kept. */
export type KeptLists = Pick<LayerNulls, "lists"> & {
  readonly record: { readonly lists: { readonly too_many: boolean } };
};

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
  { record, lists: { features, activations } }: KeptLists,
  questions: Pick<Questions, "arePersonsKnown"> & { readonly groups: { readonly length: number } },
  { part, length }: { part: Pick<Part, "at" | "groups" | "persons">; length: number },
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
  const shared = [...permutedGroups(blocks, { permutations: PERMUTATIONS, seed: SEED })]
    .map((groupOf) => overlapsOf(sums, { groupOf, sizes, groupCount, length }));
  const pairCount = shared[0]!.length;
  return {
    ...drawnRange(shared.map((pairs) => pairs.reduce((sum, each) => sum + each, 0) / pairCount)),
    permutations: PERMUTATIONS,
    pairs: Array.from(
      { length: pairCount },
      (_, k) => drawnRange(shared.map((pairs) => pairs[k]!)),
    ),
  };
}

/** What the lists of each pair share, made of the sums of blocks that are called so. */
function overlapsOf(
  sums: readonly Float64Array[],
  { groupOf, sizes, groupCount, length }: {
    groupOf: Int32Array;
    sizes: Float64Array;
    groupCount: number;
    length: number;
  },
): number[] {
  const counts = new Float64Array(groupCount);
  groupOf.forEach((group, block) => counts[group]! += sizes[block]!);
  const means = Array.from({ length: groupCount }, () => new Float64Array(sums.length));
  sums.forEach((own, feature) => {
    const totals = new Float64Array(groupCount);
    for (let block = 0; block < groupOf.length; block++) totals[groupOf[block]!]! += own[block]!;
    means.forEach((row, group) => row[feature] = totals[group]! / counts[group]!);
  });
  const lists = means.map((row) => new Set(listOf(row, length)));
  return pairsOf(groupCount).map(([one, other]) => lists[one]!.intersection(lists[other]!).size);
}
