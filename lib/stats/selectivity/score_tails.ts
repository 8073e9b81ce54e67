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
import type { ScoreStrata, ScoreSums } from "./score_sums.ts";
import { TiltSearch } from "./tilt_search.ts";
import type { TiltedMoments } from "./tilt_step.ts";
import { mostWhole } from "./wholes.ts";

/** Eight times as much is a number of 32 bits. */
const LARGEST = 2 ** 28;

/** Finds the tails of one column after the other. */
export class ScoreTails {
  readonly #sums: RankSums;
  readonly #strata: ScoreStrata;
  readonly #search: TiltSearch;
  readonly #isShared: boolean;
  readonly #centred: Float64Array<ArrayBuffer>;
  readonly #gaps: Float64Array<ArrayBuffer>;
  readonly #untilted: TiltedMoments[] = [];

  /** Makes room for columns of a design, whose ranks are summed before. */
  constructor(design: SelectivityDesign, sums: RankSums) {
    this.#sums = sums;
    this.#centred = new Float64Array(design.groupCount);
    this.#gaps = new Float64Array(design.groupCount);
    const isShared = design.isComplete && mostWhole(design) < LARGEST;
    this.#strata = isShared ? new CompleteStrata(design) : new RaggedStrata(design);
    this.#isShared = isShared;
    this.#search = new TiltSearch(this.#strata, isShared);
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks): void {
    this.#search.clear();
    this.#strata.read(ranks, this.#sums);
    this.#untilted.length = 0;
    for (let group = 0; group < this.#centred.length; group++) this.#seek(group);
  }

  /**
   * Finds how far a group's sum is from its mean, 0 if it is as good as there, and from the largest one, or the
   * smallest one.
   */
  #seek(group: number): void {
    const { mean, variance, highest, lowest } = this.#strata.sumsOf(group);
    const sum = this.#strata.observed(group);
    const centred = sum - mean;
    const isMiddle = variance === 0 || Math.abs(centred) < MIDDLE * Math.sqrt(variance);
    const gap = centred > 0 ? highest - sum : sum - lowest;
    this.#centred[group] = isMiddle ? 0 : centred;
    this.#gaps[group] = gap;
    if (!isMiddle && gap !== 0) this.#search.expect(centred > 0, gap);
  }

  /** The moments of the gap without a tilt; where the sums of one group are those of all, they are made once. */
  #untiltedOf(sums: ScoreSums, isHigh: boolean): TiltedMoments {
    const known = this.#untilted[Number(isHigh)];
    if (known !== undefined) return known;
    const { mean, variance, skew, kurtosis, highest, lowest } = sums;
    const untilted = {
      t: 0,
      lnMean: 0,
      gap: isHigh ? highest - mean : mean - lowest,
      spread: variance,
      skew: isHigh ? -skew : skew,
      kurtosis,
    };
    if (this.#isShared) this.#untilted[Number(isHigh)] = untilted;
    return untilted;
  }

  /** log10 of the two-sided p of a group. */
  log10P(group: number): number {
    const centred = this.#centred[group]!;
    if (centred === 0) return 0;
    const gap = this.#gaps[group]!;
    const isHigh = centred > 0;
    const sums = this.#strata.sumsOf(group);
    const { range } = sums;
    const lnEdge = isHigh ? sums.lnHighest : sums.lnLowest;
    let lnTail = lnEdge;
    if (gap !== 0) {
      const untilted = this.#untiltedOf(sums, isHigh);
      const { t, exponent, spread } = this.#search.tilt(group, isHigh, { gap, range, untilted });
      const u = -Math.expm1(-t * range) / range * Math.sqrt(spread);
      lnTail = lugannaniRice({ exponent, u, lnEdge });
    }
    return Math.min(0, (lnTail + Math.LN2) / Math.LN10);
  }
}
