/**
 * The tails of all groups' rank sums under names permuted within persons, by the formulas of
 * `../stratified_tail.ts`; the groups share what they can.
 *
 * @module
 */
import { lugannaniRice } from "../lugannani_rice.ts";
import { MIDDLE } from "../stratified_tail.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import { CompleteStrata } from "./complete_strata.ts";
import type { SelectivityDesign } from "./design.ts";
import { RaggedStrata } from "./ragged_strata.ts";
import type { RankSums } from "./rank_sums.ts";
import type { ScoreStrata } from "./score_sums.ts";
import { TiltSearch } from "./tilt_search.ts";
import { mostWhole } from "./wholes.ts";

/** Eight times as much is a number of 32 bits. */
const LARGEST = 2 ** 28;

/** Finds the tails of one column after the other. */
export class ScoreTails {
  readonly #sums: RankSums;
  readonly #strata: ScoreStrata;
  readonly #search: TiltSearch;
  readonly #groupCount: number;

  /** Makes room for columns of a design, whose ranks are summed before. */
  constructor(design: SelectivityDesign, sums: RankSums) {
    this.#sums = sums;
    this.#groupCount = design.groupCount;
    const isShared = design.isComplete && mostWhole(design) < LARGEST;
    this.#strata = isShared ? new CompleteStrata(design) : new RaggedStrata(design);
    this.#search = new TiltSearch(this.#strata, isShared);
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks): void {
    this.#search.clear();
    this.#strata.read(ranks, this.#sums);
    for (let group = 0; group < this.#groupCount; group++) {
      const { centred, gap } = this.#seek(group);
      if (centred !== 0 && gap !== 0) this.#search.expect(centred > 0, gap);
    }
  }

  /**
   * How far a group's sum is from its mean, 0 if it is as good as there, and from the largest one, or the
   * smallest one.
   */
  #seek(group: number): { centred: number; gap: number } {
    const { mean, variance, highest, lowest } = this.#strata.sumsOf(group);
    const sum = this.#strata.observed(group);
    const centred = sum - mean;
    const isMiddle = variance === 0 || Math.abs(centred) < MIDDLE * Math.sqrt(variance);
    return {
      centred: isMiddle ? 0 : centred,
      gap: centred > 0 ? highest - sum : sum - lowest,
    };
  }

  /** log10 of the two-sided p of a group. */
  log10P(group: number): number {
    const sums = this.#strata.sumsOf(group);
    const { mean, variance, range } = sums;
    const { centred, gap } = this.#seek(group);
    if (centred === 0) return 0;
    const isHigh = centred > 0;
    const lnEdge = isHigh ? sums.lnHighest : sums.lnLowest;
    let lnTail = lnEdge;
    if (gap !== 0) {
      const untilted = {
        t: 0,
        lnMean: 0,
        gap: isHigh ? sums.highest - mean : mean - sums.lowest,
        spread: variance,
        skew: isHigh ? -sums.skew : sums.skew,
        kurtosis: sums.kurtosis,
      };
      const { t, exponent, spread } = this.#search.tilt(group, isHigh, { gap, range, untilted });
      const u = -Math.expm1(-t * range) / range * Math.sqrt(spread);
      lnTail = lugannaniRice({ exponent, u, lnEdge });
    }
    return Math.min(0, (lnTail + Math.LN2) / Math.LN10);
  }
}
