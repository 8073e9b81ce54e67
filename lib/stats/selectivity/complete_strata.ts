/**
 * The scores of persons each of whom is in every group, and what they give on average if higher ones are
 * likelier.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { fineBits, SPREAD_SUMS, type StrataCode, strataLayout } from "./strata_layout.ts";
import type { StrataLayout } from "./strata_layout.ts";
import { strataPlain } from "./strata_plain.ts";
import { strataWasm } from "./strata_wasm.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import { powers } from "./powers.ts";
import type { RankSums } from "./rank_sums.ts";
import { noSums, type ScoreStrata, type ScoreSums } from "./score_sums.ts";
import type { TiltedMoments } from "./tilt_step.ts";
import { mostWhole } from "./wholes.ts";

/** A product of numbers as small as 1/groups, or as large as groups, is taken as long as ln of it is below. */
const LARGEST_LN = 600;

/** The scores of a column's persons. */
export class CompleteStrata implements ScoreStrata {
  readonly #design: SelectivityDesign;
  /** The scores, `[groups, stride]`. */
  readonly #scores: Int32Array<ArrayBuffer>;
  readonly #observed: Float64Array<ArrayBuffer>;
  #all: ScoreSums = noSums();
  readonly #layout: StrataLayout;
  readonly #code: StrataCode;
  readonly #sums: Float64Array<ArrayBuffer>;
  readonly #ranges: Int32Array<ArrayBuffer>;
  readonly #fine: Float64Array<ArrayBuffer>;
  readonly #coarse: Float64Array<ArrayBuffer>;
  readonly #lnGroups: number;
  /** How many bytes of a row are gone through at a time. */
  readonly #run: number;
  #end = 0;

  /**
   * Makes room for columns of a design.
   *
   * @param isPlain Whether to do without vectors, which changes no bit.
   */
  constructor(design: SelectivityDesign, isPlain = false) {
    const { groupCount, personCount } = design;
    const layout = strataLayout(groupCount, personCount, mostWhole(design));
    this.#layout = layout;
    this.#code = (isPlain ? undefined : strataWasm(layout)) ?? strataPlain(layout);
    const { buffer } = this.#code.memory;
    this.#design = design;
    this.#observed = new Float64Array(groupCount);
    this.#scores = new Int32Array(buffer, layout.scores, groupCount * layout.stride);
    this.#sums = new Float64Array(buffer, layout.sums, 2 * SPREAD_SUMS.length);
    this.#ranges = new Int32Array(buffer, layout.ranges, 2);
    this.#fine = new Float64Array(buffer, layout.fine, (layout.coarse - layout.fine) / 8);
    this.#coarse = new Float64Array(buffer, layout.coarse, (layout.bytes - layout.coarse) / 8);
    this.#lnGroups = Math.log(groupCount);
    this.#run = 8 * Math.floor(LARGEST_LN / Math.max(1, this.#lnGroups));
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks, { persons, personCount, cellRanks, cellNonzeros }: RankSums): void {
    const { counts, questionCount, isBalanced } = this.#design;
    const scores = this.#scores;
    const { groupCount, stride } = this.#layout;
    const middle = questionCount + 1;
    const zeroScore = ranks.zeroRank - middle;
    // Mostly all persons have as many questions in each group; then, without zeros, ranks say all.
    const isPlain = isBalanced && ranks.zeroCount === 0;
    const each = counts[0]! * middle;
    for (let group = 0; group < groupCount; group++) {
      const row = group * persons.length;
      const to = group * stride;
      let observed = 0;
      if (isPlain) {
        for (let i = 0; i < personCount; i++) {
          const score = cellRanks[row + i]! - each;
          scores[to + i] = score;
          observed += score;
        }
      } else {
        for (let i = 0; i < personCount; i++) {
          const cell = row + persons[i]!;
          const nonzeros = cellNonzeros[cell]!;
          const score = cellRanks[cell]! - nonzeros * middle +
            (counts[cell]! - nonzeros) * zeroScore;
          scores[to + i] = score;
          observed += score;
        }
      }
      // Where they are odd, one more person, whose scores are equal: it adds nothing.
      if (personCount % 2 === 1) scores[to + personCount] = 0;
      this.#observed[group] = observed;
    }
    this.#sum(Math.ceil(personCount / 2));
  }

  #sum(pairs: number): void {
    this.#end = 8 * pairs;
    let [mean, variance, skew, kurtosis, highest, lowest, range] = [0, 0, 0, 0, 0, 0, 0];
    let lnHighest = -2 * pairs * this.#lnGroups;
    let lnLowest = lnHighest;
    const sums = this.#sums;
    for (let from = 0; from < this.#end; from += this.#run) {
      this.#code.spread(from, Math.min(from + this.#run, this.#end));
      mean += sums[0]! + sums[1]!;
      variance += sums[2]! + sums[3]!;
      skew += sums[4]! + sums[5]!;
      kurtosis += sums[6]! + sums[7]!;
      highest += sums[8]! + sums[9]!;
      lowest += sums[10]! + sums[11]!;
      lnHighest += Math.log(sums[12]!) + Math.log(sums[13]!);
      lnLowest += Math.log(sums[14]!) + Math.log(sums[15]!);
      range = Math.max(range, this.#ranges[0]!, this.#ranges[1]!);
    }
    this.#all = { mean, variance, skew, kurtosis, highest, lowest, lnHighest, lnLowest, range };
  }

  /** The sum of a group's scores. */
  observed(group: number): number {
    return this.#observed[group]!;
  }

  /** The sums over all persons. */
  sumsOf(): ScoreSums {
    return this.#all;
  }

  /** ln of the mean mass at a tilt, and the cumulants of the gap, over all persons. */
  moments(_group: number, isHigh: boolean, t: number, range: number): TiltedMoments {
    const bits = fineBits(range);
    powers(this.#fine, 1 << bits, Math.exp(-t));
    powers(this.#coarse, (range >> bits) + 1, Math.exp(-t * (1 << bits)));
    const start = isHigh ? this.#layout.below : this.#layout.above;
    let [lnMean, gap, spread, skew, kurtosis] = [0, 0, 0, 0, 0];
    const sums = this.#sums;
    for (let from = 0; from < this.#end; from += this.#run) {
      this.#code.tilt(start + from, start + Math.min(from + this.#run, this.#end), bits);
      lnMean += Math.log(sums[0]!) + Math.log(sums[1]!);
      gap += sums[2]! + sums[3]!;
      spread += sums[4]! + sums[5]!;
      skew += sums[6]! + sums[7]!;
      kurtosis += sums[8]! + sums[9]!;
    }
    return { t, lnMean, gap, spread, skew, kurtosis };
  }
}
