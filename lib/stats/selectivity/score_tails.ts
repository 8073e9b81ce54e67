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

  /** Makes room for columns of a design, whose ranks are summed before. */
  constructor(design: SelectivityDesign, sums: RankSums) {
    this.#sums = sums;
    const isShared = design.isComplete && mostWhole(design) < LARGEST;
    this.#strata = isShared ? new CompleteStrata(design) : new RaggedStrata(design);
    this.#search = new TiltSearch(this.#strata, isShared);
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks): void {
    this.#search.clear();
    this.#strata.read(ranks, this.#sums);
  }

  /** log10 of the two-sided p of a group. */
  log10P(group: number): number {
    const sums = this.#strata.sumsOf(group);
    const { mean, variance, range } = sums;
    const sum = this.#strata.observed(group);
    const centred = sum - mean;
    if (variance === 0 || Math.abs(centred) < MIDDLE * Math.sqrt(variance)) return 0;
    const isHigh = centred > 0;
    const gap = isHigh ? sums.highest - sum : sum - sums.lowest;
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
