/**
 * The scores of persons who are not all in every group, or have very many questions, and what they give on
 * average if higher ones are likelier.
 *
 * @module
 */
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import type { RankSums } from "./rank_sums.ts";
import { noSums, type ScoreStrata, type ScoreSums } from "./score_sums.ts";
import { fineBits } from "./strata_layout.ts";
import { powers } from "./powers.ts";
import type { TiltedMoments } from "./tilt_step.ts";
import { roomForWholes, type Wholes } from "./wholes.ts";

/** A column of fewer cells is not worth a table. */
const FEW = 160;

/** The scores of a column's persons. */
export class RaggedStrata implements ScoreStrata {
  readonly #design: SelectivityDesign;
  /** How far each cell's score is below its person's highest; persons without a difference are left out. */
  readonly #below: Wholes;
  /** How far it is above the lowest. */
  readonly #above: Wholes;
  /** The score of each cell of a person. */
  readonly #scores: Wholes;
  readonly #observed: Float64Array<ArrayBuffer>;
  readonly #sums: ScoreSums[] = [];
  /** ln of whole numbers. */
  readonly #ln: Float64Array<ArrayBuffer>;
  #persons = 0;
  #coarse = new Float64Array(0);
  #fine = new Float64Array(0);

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    const { groupCount, counts } = design;
    this.#design = design;
    this.#below = roomForWholes(design, counts.length);
    this.#above = roomForWholes(design, counts.length);
    this.#scores = roomForWholes(design, groupCount);
    this.#observed = new Float64Array(groupCount);
    this.#ln = Float64Array.from({ length: groupCount + 1 }, (_, i) => Math.log(i));
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks, { persons, personCount, cellRanks, cellNonzeros }: RankSums): void {
    const { groupCount, counts, questionCount } = this.#design;
    for (let group = 0; group < groupCount; group++) this.#sums[group] = noSums();
    this.#observed.fill(0);
    this.#persons = 0;
    const scores = this.#scores;
    const middle = questionCount + 1;
    const zeroScore = ranks.zeroRank - middle;
    for (let i = 0; i < personCount; i++) {
      const person = persons[i]!;
      let held = 0;
      let sum = 0;
      let highest = -Infinity;
      let lowest = Infinity;
      for (let group = 0, cell = person; group < groupCount; group++, cell += persons.length) {
        const count = counts[cell]!;
        if (count === 0) continue;
        const nonzeros = cellNonzeros[cell]!;
        const score = cellRanks[cell]! - nonzeros * middle + (count - nonzeros) * zeroScore;
        scores[group] = score;
        sum += score;
        held++;
        highest = Math.max(highest, score);
        lowest = Math.min(lowest, score);
      }
      if (highest === lowest) continue; // whatever is drawn, it adds the same
      this.#add(person, { held, mean: sum / held, highest, lowest });
    }
  }

  /** Adds a person, whose scores are there. */
  #add(
    person: number,
    { held, mean, highest, lowest }: {
      held: number;
      mean: number;
      highest: number;
      lowest: number;
    },
  ): void {
    const { groupCount, counts, personCount } = this.#design;
    const scores = this.#scores;
    const at = this.#persons++ * groupCount;
    let [squares, cubes, fourths, tiesHigh, tiesLow] = [0, 0, 0, 0, 0];
    const isHeld = (group: number) => counts[group * personCount + person] !== 0;
    for (let group = 0; group < groupCount; group++) {
      this.#below[at + group] = -1;
      this.#above[at + group] = -1;
      if (!isHeld(group)) continue;
      const score = scores[group]!;
      const b = score - mean;
      const square = b * b;
      squares += square;
      cubes += square * b;
      fourths += square * square;
      tiesHigh += Number(score === highest);
      tiesLow += Number(score === lowest);
      this.#observed[group]! += score;
      this.#below[at + group] = highest - score;
      this.#above[at + group] = score - lowest;
    }
    squares /= held;
    const fourth = fourths / held - 3 * squares * squares;
    for (let group = 0; group < groupCount; group++) {
      if (!isHeld(group)) continue;
      const sums = this.#sums[group]!;
      sums.mean += mean;
      sums.variance += squares;
      sums.skew += cubes / held;
      sums.kurtosis += fourth;
      sums.highest += highest;
      sums.lowest += lowest;
      sums.lnHighest += this.#ln[tiesHigh]! - this.#ln[held]!;
      sums.lnLowest += this.#ln[tiesLow]! - this.#ln[held]!;
      sums.range = Math.max(sums.range, highest - lowest);
    }
  }

  /** The sum of a group's scores. */
  observed(group: number): number {
    return this.#observed[group]!;
  }

  /** The sums over the persons of a group. */
  sumsOf(group: number): ScoreSums {
    return this.#sums[group]!;
  }

  /** ln of the mean mass at a tilt, and the cumulants of the gap, over the persons of a group. */
  moments(group: number, isHigh: boolean, t: number, range: number): TiltedMoments {
    const gaps = isHigh ? this.#below : this.#above;
    const persons = this.#persons;
    const { groupCount } = this.#design;
    const isTabled = persons * groupCount >= FEW && range < 2 ** 31;
    const bits = isTabled ? this.#tabulate(t, range) : 0;
    const coarse = this.#coarse;
    const fine = this.#fine;
    const mask = (1 << bits) - 1;
    let [lnMean, gap, spread, skew, kurtosis, product] = [0, 0, 0, 0, 0, 1];
    for (let person = 0, at = 0; person < persons; person++) {
      const end = at + groupCount;
      if (gaps[at + group]! < 0) {
        at = end;
        continue;
      }
      let [mass, first, second, third, fourth] = [0, 0, 0, 0, 0];
      let held = groupCount;
      for (; at < end; at++) {
        const d = gaps[at]!;
        if (d < 0) {
          held--;
          continue;
        }
        const weight = isTabled ? coarse[d >> bits]! * fine[d & mask]! : Math.exp(-t * d);
        const w1 = weight * d;
        const w2 = w1 * d;
        const w3 = w2 * d;
        mass += weight;
        first += w1;
        second += w2;
        third += w3;
        fourth += w3 * d;
      }
      const inverse = 1 / mass;
      const mean = first * inverse;
      const square = second * inverse;
      const cube = third * inverse;
      const variance = square - mean * mean;
      const central = cube - mean * (square + 2 * variance);
      gap += mean;
      spread += variance;
      skew += central;
      kurtosis += fourth * inverse - mean * (cube + 3 * central + 3 * mean * variance) -
        3 * variance * variance;
      // The logarithm of a product of some: each factor is between 1/groups and 1.
      product *= mass / held;
      if (product > 1e-200) continue;
      lnMean += Math.log(product);
      product = 1;
    }
    return { t, lnMean: lnMean + Math.log(product), gap, spread, skew, kurtosis };
  }

  /** e^(−t·d) for d up to a range, as two factors; returns how many bits the finer one takes. */
  #tabulate(t: number, range: number): number {
    const bits = fineBits(range);
    const fineCount = 1 << bits;
    const coarseCount = Math.floor(range / fineCount) + 1;
    if (this.#fine.length < fineCount) this.#fine = new Float64Array(fineCount);
    if (this.#coarse.length < coarseCount) this.#coarse = new Float64Array(coarseCount);
    powers(this.#fine, fineCount, Math.exp(-t));
    powers(this.#coarse, coarseCount, Math.exp(-t * fineCount));
    return bits;
  }
}
