/**
 * What is summed over persons who each give one of their scores, whichever design they are of.
 *
 * @module
 */
import type { ColumnRanks } from "./column_ranks.ts";
import type { RankSums } from "./rank_sums.ts";
import type { TiltedMoments } from "./tilt_step.ts";

/** Sums over the persons of a group, or over all where all are in every group. */
export interface ScoreSums {
  /** The means of the persons' scores. */
  mean: number;
  /** Their variances. */
  variance: number;
  /** Their third cumulants. */
  skew: number;
  /** Their fourth cumulants. */
  kurtosis: number;
  /** Their highest scores. */
  highest: number;
  /** Their lowest scores. */
  lowest: number;
  /** ln of how likely each gives the highest. */
  lnHighest: number;
  /** ln of how likely each gives the lowest. */
  lnLowest: number;
  /** Not a sum: the largest range of a person's scores. */
  range: number;
}

/** The scores of the persons of a column. */
export interface ScoreStrata {
  /** How many persons' scores are gone through. */
  readonly persons: number;
  /** Reads those of a column. */
  read(ranks: ColumnRanks, sums: RankSums): void;
  /** The sum of a group's scores. */
  observed(group: number): number;
  /** The sums over the persons of a group. */
  sumsOf(group: number): ScoreSums;
  /** ln of the mean mass at a tilt, and the cumulants of the gap, over the persons of a group. */
  moments(group: number, isHigh: boolean, t: number, range: number): TiltedMoments;
  /** Whether a ladder can be gone: where every person is in each group, and groups are not too many. */
  readonly canClimb: boolean;
  /**
   * ln of the mean mass at the rungs of a ladder, over all persons.
   *
   * @param to The ladder's place among all, how far it is to reach, and where the numbers go.
   * @returns The small tilt of which rungs are multiples.
   */
  climb?(isHigh: boolean, to: LadderClimb, range: number): number;
}

/** A ladder, and where what it gives goes. */
export interface LadderClimb {
  /** The ladder's place among all. */
  readonly ladder: number;
  /** How far it reaches, as a tilt. */
  readonly length: number;
  /** Where ln of the mean masses go, one a rung. */
  readonly lnMeans: Float64Array;
}

/** The sums over nobody. */
export function noSums(): ScoreSums {
  return {
    mean: 0,
    variance: 0,
    skew: 0,
    kurtosis: 0,
    highest: 0,
    lowest: 0,
    lnHighest: 0,
    lnLowest: 0,
    range: 0,
  };
}
