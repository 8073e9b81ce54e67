/**
 * The tails of all groups' rank sums under names permuted within persons, by the formulas of
 * `../stratified_tail.ts`; the groups share what they can.
 *
 * @module
 */
import { lugannaniRice } from "../lugannani_rice.ts";
import { MIDDLE } from "../stratified_tail.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import type { RankSums } from "./rank_sums.ts";
import { TiltedSums } from "./tilted_sums.ts";

/** Finds the tails of one column after the other. */
export class ScoreTails {
  readonly #design: SelectivityDesign;
  readonly #sums: TiltedSums;
  /** The score of each cell, and how often it counts. */
  readonly #scores: Float64Array<ArrayBuffer>;
  readonly #perGroup: Readonly<Record<GroupSum, Float64Array<ArrayBuffer>>>;
  /** ln of whole numbers. */
  readonly #ln: Float64Array<ArrayBuffer>;

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    this.#design = design;
    this.#scores = new Float64Array(design.groupCount);
    this.#sums = new TiltedSums(design);
    this.#perGroup = Object.fromEntries(
      GROUP_SUMS.map((name) => [name, new Float64Array(design.groupCount)]),
    ) as Record<GroupSum, Float64Array<ArrayBuffer>>;
    this.#ln = Float64Array.from({ length: design.groupCount + 1 }, (_, i) => Math.log(i));
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks, sums: RankSums): void {
    const { groupCount, counts, questionCount } = this.#design;
    const { centred, variance, toHighest, toLowest, lnHighest, lnLowest, range } = this.#perGroup;
    for (const name of GROUP_SUMS) this.#perGroup[name].fill(0);
    this.#sums.clear();
    const scores = this.#scores;
    const zeroScore = ranks.zeroRank - questionCount - 1;
    for (let i = 0; i < sums.personCount; i++) {
      const row = sums.persons[i]! * groupCount;
      let held = 0, sum = 0, highest = -Infinity, lowest = Infinity;
      for (let group = 0; group < groupCount; group++) {
        const count = counts[row + group]!;
        if (count === 0) continue;
        const nonzeros = sums.cellNonzeros[row + group]!;
        const score = sums.cellRanks[row + group]! - nonzeros * (questionCount + 1) +
          (count - nonzeros) * zeroScore;
        scores[group] = score;
        sum += score;
        held++;
        if (score > highest) highest = score;
        if (score < lowest) lowest = score;
      }
      if (highest === lowest) continue; // whatever is drawn, it adds the same
      let squares = 0, tiesHigh = 0, tiesLow = 0;
      const mean = sum / held;
      for (let group = 0; group < groupCount; group++) {
        if (counts[row + group] === 0) continue;
        const score = scores[group]!;
        squares += (score - mean) * (score - mean);
        if (score === highest) tiesHigh++;
        if (score === lowest) tiesLow++;
      }
      squares /= held;
      const lnHigh = this.#ln[tiesHigh]! - this.#ln[held]!;
      const lnLow = this.#ln[tiesLow]! - this.#ln[held]!;
      for (let group = 0; group < groupCount; group++) {
        if (counts[row + group] === 0) continue;
        const score = scores[group]!;
        centred[group]! += score - mean;
        variance[group]! += squares;
        toHighest[group]! += highest - score;
        toLowest[group]! += score - lowest;
        lnHighest[group]! += lnHigh;
        lnLowest[group]! += lnLow;
        if (highest - lowest > range[group]!) range[group] = highest - lowest;
      }
      this.#sums.add(row, scores, lowest, highest);
    }
  }

  /** log10 of the two-sided p of a group. */
  log10P(group: number): number {
    const of = (name: GroupSum) => this.#perGroup[name][group]!;
    const [centred, variance] = [of("centred"), of("variance")];
    if (variance === 0 || Math.abs(centred) < MIDDLE * Math.sqrt(variance)) return 0;
    const isHigh = centred > 0;
    const gap = isHigh ? of("toHighest") : of("toLowest");
    const lnEdge = isHigh ? of("lnHighest") : of("lnLowest");
    const range = of("range");
    let lnTail = lnEdge;
    if (gap !== 0) {
      const start = { gap, meanGap: gap + Math.abs(centred), variance, range };
      const { t, exponent, spread } = this.#sums.tilt(group, isHigh, start);
      const u = -Math.expm1(-t * range) / range * Math.sqrt(spread);
      lnTail = lugannaniRice({ exponent, u, lnEdge });
    }
    return Math.min(0, (lnTail + Math.LN2) / Math.LN10);
  }
}

const GROUP_SUMS = [
  "centred",
  "variance",
  "toHighest",
  "toLowest",
  "lnHighest",
  "lnLowest",
  "range",
] as const;
type GroupSum = typeof GROUP_SUMS[number];
