/**
 * Which features the pictures of the strongest and of the most consistent ones show, and what their
 * captions have to say of that.
 *
 * @module
 */
import { rankByMean } from "../stats/rank_by_mean.ts";
import { aliveFeatures, rankByRelation } from "../stats/rank_by_relation.ts";
import type { FeatureRank } from "./names.ts";
import type { ColumnGroup } from "./layer_heatmap.ts";
import { type LayerPicture, withCommas } from "./layer_picture.ts";

/** Features as columns. */
export interface RankedFeatures {
  /** The features from left to right. */
  readonly columns: readonly number[];
  /** Columns that belong together: those strongest for the same relation. */
  readonly groups: readonly ColumnGroup[];
  /** How they were chosen, and what is missing. */
  readonly notes: readonly string[];
}

/** Which features are wanted. */
export interface RankOptions {
  /** The feature before which to stop. */
  readonly end: number;
  /** How many at most. */
  readonly count: number;
  /** How they are chosen. */
  readonly rank: FeatureRank;
  /** What features are called: `free features`. */
  readonly what: string;
  /** What the greatest values are: `strongest`. */
  readonly best: string;
  /** What the values are: `mean activation`. */
  readonly measure?: string;
  /** Whether features that are zero for every relation may fill up a ranking by the mean. */
  readonly keepZeros: boolean;
}

/** Chooses features. Those that are zero for every relation are left out, unless all are. */
export function rankFeatures(
  { relations, layout: { freeCount, slotCount }, matrix }: LayerPicture,
  options: RankOptions,
): RankedFeatures {
  const { end, count, rank, what, best, keepZeros, measure = "value" } = options;
  const shape = { rows: relations.length, stride: freeCount + slotCount, end };
  if (rank === "mean") {
    const ranked = rankByMean(matrix, shape, count);
    const alive = new Set(keepZeros ? [] : aliveFeatures(matrix, shape));
    return {
      columns: alive.size === 0 ? ranked : ranked.filter((feature) => alive.has(feature)),
      groups: [],
      notes: [
        "ranked by the mean over the relations, as AlignSAE's script does: what belongs to one " +
        "relation may be missing",
      ],
    };
  }
  if (rank === "selective") {
    const { features, rows, zeros } = rankByRelation(matrix, shape, count, "selective");
    return {
      columns: features,
      groups: groupsOf(rows, relations),
      notes: [
        `the most selective ${what} of every relation, whose ${measure} there is furthest above ` +
        "that for every other",
        ...(zeros > 0
          ? [`of ${withCommas(end)} ${what} ${withCommas(zeros)} are zero everywhere`]
          : []),
      ],
    };
  }
  const { features, rows, depth, zeros } = rankByRelation(matrix, shape, count);
  if (zeros === end) {
    return {
      columns: features,
      groups: [],
      notes: [`all ${withCommas(end)} ${what} are zero everywhere`],
    };
  }
  return {
    columns: features,
    groups: groupsOf(rows, relations),
    notes: [
      features.length >= end - zeros
        ? `all ${what} that are not zero everywhere, by the relation that they are ${best} for`
        : chosenNote(depth, { what, best, hasOthers: relations.length > 1 }),
      ...(features.length < count && zeros > 0
        ? [`of ${withCommas(end)} ${what} ${withCommas(zeros)} are zero everywhere`]
        : []),
    ],
  };
}

function chosenNote(
  depth: number,
  { what, best, hasOthers }: { what: string; best: string; hasOthers: boolean },
): string {
  if (!hasOthers) return `the ${best} ${what}`;
  if (depth === 0) return `too few columns for the ${best} and most selective of every relation`;
  const many = depth === 1 ? "the" : `the ${depth}`;
  return `of every relation ${many} ${best} ${what} and ${many} most selective ` +
    "(furthest above every other relation)";
}

function groupsOf(rows: readonly number[], relations: readonly string[]): ColumnGroup[] {
  return relations.flatMap((name, row) => {
    const start = rows.indexOf(row);
    return start === -1 ? [] : [{ name, start, end: rows.lastIndexOf(row) + 1 }];
  });
}
