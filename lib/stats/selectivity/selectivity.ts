/**
 * How selective each feature of an SAE is for each group of questions.
 *
 * @module
 */
import { logitInterval } from "../auroc_interval.ts";
import { studentQuantile } from "../t_tail.ts";
import { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import { DrawnTails } from "./drawn_tails.ts";
import { HalfAurocs } from "./half_aurocs.ts";
import { GroupMoments } from "./group_moments.ts";
import { RankSums } from "./rank_sums.ts";
import { ScoreTails } from "./score_tails.ts";
import { SingleSums } from "./single_sums.ts";
import { WordingVariances } from "./wording_variances.ts";

/** Fewer persons, or fewer that are active in the group, get no interval. */
export const LEAST_PERSONS = 10;

/**
 * What is measured of each group and feature. NaN where a value does not exist. `auroc_choosing` is the
 * AUROC on the half of the persons on which features are chosen.
 */
export type Measure =
  | "mean_in"
  | "mean_out"
  | "sd_in"
  | "sd_out"
  | "active_in"
  | "active_out"
  | "difference_low"
  | "difference_high"
  | "auroc"
  | "auroc_low"
  | "auroc_high"
  | "log10_p"
  | "auroc_choosing";

/** All of them, in the order of the files. */
export const MEASURES: readonly Measure[] = [
  "mean_in",
  "mean_out",
  "sd_in",
  "sd_out",
  "active_in",
  "active_out",
  "difference_low",
  "difference_high",
  "auroc",
  "auroc_low",
  "auroc_high",
  "log10_p",
  "auroc_choosing",
];

/** What is measured: for each measure, `[groups, features]`, rows first. */
export type Selectivity = Readonly<Record<Measure, Float64Array<ArrayBuffer>>>;

/** Room for the measures of some features: one after the other in one buffer, which threads hand over. */
export function roomForSelectivity(groupCount: number, featureCount: number): Selectivity {
  const cells = groupCount * featureCount;
  const all = new Float64Array(MEASURES.length * cells).fill(NaN);
  return Object.fromEntries(
    MEASURES.map((measure, i) => [measure, all.subarray(i * cells, (i + 1) * cells)]),
  ) as Selectivity;
}

/** What is known of each feature over all questions beside its measures: its extremes. */
export interface FeatureExtremes {
  /** Its greatest activation. */
  readonly greatest: Float64Array<ArrayBuffer>;
  /** The share of questions for which it is 0. */
  readonly silent: Float64Array<ArrayBuffer>;
}

/** Room for the extremes of some features, in one buffer, which threads hand over. */
export function roomForExtremes(featureCount: number): FeatureExtremes {
  const both = new Float64Array(2 * featureCount);
  return { greatest: both.subarray(0, featureCount), silent: both.subarray(featureCount) };
}

function deviation(squares: number, n: number): number {
  return n < 2 ? NaN : Math.sqrt(squares / (n - 1));
}

/** Measures one feature after the other. */
export class SelectivityMeter {
  readonly #design: SelectivityDesign;
  readonly #ranks: ColumnRanks;
  readonly #moments: GroupMoments;
  readonly #sums: RankSums | SingleSums;
  readonly #tails: { read(ranks: ColumnRanks): void; log10P(group: number): number };
  readonly #half: HalfAurocs;
  /** Where a group has many wordings. */
  readonly #wordings: WordingVariances | undefined;

  /**
   * Makes room for columns of a design.
   *
   * @param options An activation above the threshold is active. Whether each question is of the half on
   * which features are chosen, 1 or 0: all are, by default.
   */
  constructor(
    design: SelectivityDesign,
    { threshold, isChoosing = new Uint8Array(design.questionCount).fill(1), wordings }: {
      threshold: number;
      isChoosing?: ArrayLike<number> | undefined;
      wordings?: ArrayLike<number> | undefined;
    },
  ) {
    this.#wordings = wordings && WordingVariances.of(design, wordings);
    this.#half = new HalfAurocs(design, isChoosing);
    this.#design = design;
    this.#ranks = new ColumnRanks(design.questionCount);
    this.#moments = new GroupMoments(design, threshold);
    const sums = design.isSingle ? new SingleSums(design) : new RankSums(design, { isChoosing });
    this.#sums = sums;
    this.#tails = design.isWithinPersons && sums instanceof RankSums
      ? new ScoreTails(design, sums)
      : new DrawnTails(design, sums);
  }

  /**
   * Measures a feature.
   *
   * @param column Its activations, one a question.
   * @param result Where the measures go, as `feature` of `featureCount`.
   * @throws {RangeError} If an activation is NaN.
   */
  measure(
    column: Float32Array,
    result: Selectivity,
    { feature, featureCount }: { feature: number; featureCount: number },
  ): void {
    const { groupCount, groupSizes, questionCount } = this.#design;
    this.#ranks.rank(column);
    this.#moments.sum(column, this.#ranks);
    this.#sums.sum(this.#ranks);
    this.#tails.read(this.#ranks);
    const distinct = this.#sums instanceof RankSums ? this.#sums.distinct : undefined;
    if (distinct === undefined) this.#half.find(this.#ranks);
    else this.#half.take(distinct.choosingRankSum);
    this.#wordings?.sum(column, this.#ranks);
    for (let group = 0; group < groupCount; group++) {
      const at = group * featureCount + feature;
      const nIn = groupSizes[group]!;
      const nOut = questionCount - nIn;
      this.#writeMoments(result, at, group, nIn, nOut);
      if (nIn === 0 || nOut === 0) continue;
      result.auroc[at] = this.#sums.uDoubled[group]! / (2 * nIn * nOut);
      result.auroc_choosing[at] = this.#half.values[group]!;
      result.log10_p[at] = this.#tails.log10P(group);
      this.#writeIntervals(result, at, group);
    }
  }

  #writeMoments(
    result: Selectivity,
    at: number,
    group: number,
    nIn: number,
    nOut: number,
  ): void {
    const { meanIn, meanOut, squaresIn, squaresOut, active, activeCount } = this.#moments;
    result.sd_in[at] = deviation(squaresIn[group]!, nIn);
    result.sd_out[at] = deviation(squaresOut[group]!, nOut);
    if (nIn > 0) {
      result.mean_in[at] = meanIn[group]!;
      result.active_in[at] = active[group]! / nIn;
    }
    if (nOut > 0) {
      result.mean_out[at] = meanOut[group]!;
      result.active_out[at] = (activeCount - active[group]!) / nOut;
    }
  }

  /** Writes the extremes of the column that was measured last, as `feature`. */
  writeExtremes(
    column: Float32Array,
    { greatest, silent }: FeatureExtremes,
    feature: number,
  ): void {
    const { questions, nonzeroCount, negativeCount, zeroCount } = this.#ranks;
    const isAtZero = nonzeroCount === negativeCount && zeroCount > 0;
    greatest[feature] = isAtZero ? 0 : column[questions[nonzeroCount - 1]!]!;
    silent[feature] = zeroCount / column.length;
  }

  #writeIntervals(result: Selectivity, at: number, group: number): void {
    const { personsIn, personsOut, askedCount } = this.#design;
    const persons = Math.min(personsIn[group]!, personsOut[group]!);
    const isSure = persons >= LEAST_PERSONS &&
      this.#moments.personsActive[group]! >= LEAST_PERSONS;
    if (!isSure || this.#sums.isConstant) return;
    const wordings = this.#wordings?.isCovered[group] ? this.#wordings : undefined;
    let units = persons;
    let tUnits = askedCount;
    let variance = this.#sums.variance(group);
    let standardError = this.#moments.standardError(group);
    if (wordings !== undefined) {
      units = Math.min(units, wordings.leastWordings(group));
      tUnits = units; // a wording is of one side alone: the side with fewer decides
      variance = wordings.variance(group, variance);
      standardError = wordings.standardError(group, standardError);
    }
    const difference = result.mean_in[at]! - result.mean_out[at]!;
    const half = studentQuantile(tUnits - 1) * standardError;
    result.difference_low[at] = difference - half;
    result.difference_high[at] = difference + half;
    const interval = logitInterval(result.auroc[at]!, variance, units);
    result.auroc_low[at] = interval[0];
    result.auroc_high[at] = interval[1];
  }
}
