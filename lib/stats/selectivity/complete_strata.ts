/**
 * The scores of persons each of whom is in every group, and what they give on average if higher ones are
 * likelier.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { MOST_CLIMBED } from "./ladder.ts";
import { type StrataLayout, strataLayout } from "./strata_layout.ts";
import { TiltSums } from "./tilt_sums.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { RankSums } from "./rank_sums.ts";
import { type LadderClimb, noSums, type ScoreStrata, type ScoreSums } from "./score_sums.ts";
import type { TiltedMoments } from "./tilt_step.ts";
import { mostWhole, type Wholes } from "./wholes.ts";

/** The scores of a column's persons. */
export class CompleteStrata implements ScoreStrata {
  readonly #design: SelectivityDesign;
  /** The scores, `[groups, stride]`. */
  readonly #scores: Int32Array<ArrayBuffer>;
  readonly #rows = new Map<Wholes, readonly Wholes[]>();
  readonly #observed: Float64Array<ArrayBuffer>;
  #all: ScoreSums = noSums();
  readonly #layout: StrataLayout;
  readonly #tilted: TiltSums;
  readonly #ranges: Int32Array<ArrayBuffer>;
  readonly #lnGroups: number;
  /** Whether a ladder can be gone. */
  readonly canClimb: boolean;
  /** How many persons' scores are gone through. */
  persons = 0;
  /** Whether all distances are even, as those of ranks without ties are. */
  #isEven = true;
  /** How many bytes of a row hold persons. */
  #end = 0;

  /**
   * Makes room for columns of a design.
   *
   * @param isPlain Whether to do without vectors, which changes no bit.
   */
  constructor(design: SelectivityDesign, isPlain = false) {
    const { groupCount, personCount } = design;
    const layout = strataLayout({
      groupCount,
      persons: personCount,
      range: mostWhole(design),
      isRagged: false,
    });
    this.#layout = layout;
    this.#tilted = new TiltSums(layout, isPlain);
    const { buffer } = this.#tilted.code.memory;
    this.#design = design;
    this.canClimb = groupCount <= MOST_CLIMBED;
    this.#observed = new Float64Array(groupCount);
    this.#scores = new Int32Array(buffer, layout.scores, groupCount * layout.stride);
    this.#ranges = new Int32Array(buffer, layout.ranges, 8);
    this.#lnGroups = Math.log(groupCount);
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks, sums: RankSums): void {
    const { persons, personCount, cellRanks, cellNonzeros } = sums;
    const { counts, questionCount, isBalanced, groupSizes } = this.#design;
    const scores = this.#scores;
    const { groupCount, stride } = this.#layout;
    const middle = questionCount + 1;
    const zeroScore = ranks.zeroRank - middle;
    // Mostly all persons have as many questions in each group; then, without zeros, the ranks are the scores:
    // it changes nothing that all are larger by as much.
    const isPlain = isBalanced && sums.hasNoZeros;
    for (let group = 0; group < groupCount; group++) {
      const row = group * persons.length;
      const to = group * stride;
      let observed = 0;
      if (isPlain) {
        scores.set(this.#rowsOf(cellRanks)[group]!, to);
        const n = groupSizes[group]!;
        observed = sums.uDoubled[group]! + n * (n + 1);
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
    this.persons = personCount;
    this.#sum(Math.ceil(personCount / 2));
  }

  /** The rows of an array of cells; a view of each is made once. */
  #rowsOf(cells: Wholes): readonly Wholes[] {
    const { groupCount, personCount } = this.#design;
    return this.#rows.getOrInsertComputed(cells, () =>
      Array.from(
        { length: groupCount },
        (_, group) => cells.subarray(group * personCount, (group + 1) * personCount),
      ));
  }

  #sum(pairs: number): void {
    this.#end = 8 * pairs;
    let mean = 0;
    let variance = 0;
    let skew = 0;
    let kurtosis = 0;
    let highest = 0;
    let lowest = 0;
    let range = 0;
    let lnHighest = -2 * pairs * this.#lnGroups;
    let lnLowest = lnHighest;
    let bits = 0;
    const { sums, run, code } = this.#tilted;
    for (let from = 0; from < this.#end; from += run) {
      code.spread(from, Math.min(from + run, this.#end));
      mean += sums[0]! + sums[1]!;
      variance += sums[2]! + sums[3]!;
      skew += sums[4]! + sums[5]!;
      kurtosis += sums[6]! + sums[7]!;
      highest += sums[8]! + sums[9]!;
      lowest += sums[10]! + sums[11]!;
      lnHighest += Math.log(sums[12]!) + Math.log(sums[13]!);
      lnLowest += Math.log(sums[14]!) + Math.log(sums[15]!);
      range = Math.max(range, this.#ranges[0]!, this.#ranges[1]!);
      bits |= this.#ranges[4]! | this.#ranges[5]!;
    }
    this.#isEven = (bits & 1) === 0;
    if (!this.#isEven) code.double(0, this.#end);
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
    return this.#tilted.moments(isHigh, t, { end: this.#end, range, isEven: this.#isEven });
  }

  /** ln of the mean mass at the rungs of a ladder, over all persons. */
  climb(isHigh: boolean, to: LadderClimb, range: number): number {
    return this.#tilted.climb(isHigh, to, { end: this.#end, range, isEven: this.#isEven });
  }
}
