/**
 * Are features shared across relations? Lists of each relation's strongest free features, against
 * lists that are drawn blindly and lists that come about if the relations' names mean nothing.
 *
 * @module
 */
import { isDiscovery } from "../results/discovery.ts";
import { LIST_LENGTH } from "../results/null_record.ts";
import { blindOverlaps, type DrawnRange, drawnRange } from "../stats/blind_overlaps.ts";
import { listOverlap } from "../stats/list_overlap.ts";
import { listOf, pairsOf } from "./lists.ts";
import { cell, type Site } from "./site.ts";
import type { Part, Questions } from "./questions.ts";
import { type PermutedOverlaps, permutedOverlaps } from "./permuted_lists.ts";

/** What the strongest features of relations have in common. */
export interface Sharing {
  /** How long the lists are at most; features with a mean of 0 or less are on none. */
  readonly length: number;
  /** How many features are on the shortest and on the longest list. */
  readonly sizes: readonly [least: number, most: number];
  /** The pairs of relations. */
  readonly pairs: readonly {
    readonly groups: readonly [string, string];
    /** How many features are on both lists. */
    readonly shared: number;
    /** How many would be if the lists were drawn blindly. */
    readonly blind: number;
    /** How many are with permuted names: the mean, and 95 % of permutations; null as `permuted` below. */
    readonly permuted: DrawnRange | null;
    /** log10 of the probability that blind lists share as many, or more. */
    readonly log10Tail: number;
  }[];
  /** The mean number that two lists share; null of one relation. */
  readonly shared: number | null;
  /** What blind lists would share on average. */
  readonly blind: number | null;
  /** What the mean over the pairs is in 95 % of draws of blind lists; null of one relation. */
  readonly blindRange: readonly [low: number, high: number] | null;
  /**
   * What lists share if the relations' names are permuted: the mean, and 95 % of permutations. Null of
   * one relation, of results of earlier versions, and where too many features can be on a list.
   */
  readonly permuted: Omit<PermutedOverlaps, "pairs"> | null;
  /**
   * Of how many relations a feature that is not on the list has the same mean as the last one on it: of
   * equal ones the first are listed. Undefined if of none.
   */
  readonly tied?: number | undefined;
  /** How many free features are discoveries and higher for one relation, for two, and so on. */
  readonly discoveriesByRelations: readonly number[];
}

/** What the strongest free features of the relations at a site have in common. */
export function sharingOf(site: Site, questions: Questions, part: Part): Sharing {
  const { record: { groups, n_features }, measures, nulls } = site.found;
  const length = Math.min(LIST_LENGTH, site.freeCount);
  const means = groups.map((_, group) => {
    const start = group * n_features;
    return measures.mean_in.subarray(start, start + site.freeCount);
  });
  const lists = means.map((row) => listOf(row, length));
  const tied = lists.filter((list, group) => endsInTie(means[group]!, list)).length;
  const permuted = groups.length < 2 || nulls === undefined
    ? null
    : permutedOverlaps(nulls, questions, { part, length });
  const pairs = pairsOf(groups.length).map(([one, other], k) => {
    const [first, second] = [lists[one]!, lists[other]!];
    const shared = first.filter((feature) => second.includes(feature)).length;
    const sizes = { features: site.freeCount, first: first.length, second: second.length };
    const { expected, log10Tail } = listOverlap(shared, sizes);
    return {
      groups: [groups[one]!.key, groups[other]!.key] as const,
      shared,
      blind: expected,
      permuted: permuted?.pairs[k] ?? null,
      log10Tail,
    };
  });
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    length,
    sizes: [
      Math.min(...lists.map((list) => list.length)),
      Math.max(...lists.map((list) => list.length)),
    ],
    pairs,
    shared: mean(pairs.map(({ shared }) => shared)),
    blind: mean(pairs.map(({ blind }) => blind)),
    blindRange: blindRangeOf(lists, site.freeCount),
    permuted: permuted && {
      mean: permuted.mean,
      low: permuted.low,
      high: permuted.high,
      permutations: permuted.permutations,
    },
    ...(tied > 0 && { tied }),
    discoveriesByRelations: discoveriesByRelations(site),
  };
}

/** Whether a feature that is not on a list has the mean of the last one on it. */
function endsInTie(means: Float64Array, list: readonly number[]): boolean {
  const last = list.at(-1);
  return last !== undefined &&
    means.some((mean, feature) => mean === means[last] && !list.includes(feature));
}

/** How often blind lists are drawn. */
const BLIND_DRAWS = 999;
/** The seed of them. */
const BLIND_SEED = 4;

function blindRangeOf(
  lists: readonly (readonly number[])[],
  features: number,
): readonly [number, number] | null {
  if (lists.length < 2) return null;
  const how = { features, draws: BLIND_DRAWS, seed: BLIND_SEED };
  const { low, high } = drawnRange(blindOverlaps(lists.map(({ length }) => length), how));
  return [low, high];
}

function discoveriesByRelations(site: Site): number[] {
  const { record: { groups }, measures } = site.found;
  const counts = new Array<number>(groups.length).fill(0);
  for (let feature = 0; feature < site.freeCount; feature++) {
    const relations = groups.filter((_, group) => {
      const at = cell(site, group, feature);
      return measures.auroc[at]! > 0.5 && isDiscovery(site.found, at);
    }).length;
    if (relations > 0) counts[relations - 1]!++;
  }
  return counts;
}
