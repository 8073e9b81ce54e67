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
import { type RaggedVectors, raggedVectors } from "./ragged_vectors.ts";
import { wideMoments } from "./wide_moments.ts";
import type { TiltedMoments } from "./tilt_step.ts";
import { roomForWholes, type Wholes } from "./wholes.ts";

/** The scores of a column's persons. */
export class RaggedStrata implements ScoreStrata {
  readonly #design: SelectivityDesign;
  /**
   * How far each cell's score is below its person's highest, `[groups, stride]`; persons without a difference
   * are left out.
   */
  readonly #below: Wholes;
  /** How far it is above the lowest. */
  readonly #above: Wholes;
  /** The score of each cell of a person. */
  readonly #scores: Wholes;
  readonly #observed: Float64Array<ArrayBuffer>;
  readonly #sums: ScoreSums[] = [];
  /** ln of whole numbers. */
  readonly #ln: Float64Array<ArrayBuffer>;
  readonly #stride: number;
  /** What stands in the place of a distance where a person is not in a group. */
  readonly #absent: number;
  /** Code that takes two persons at a time, where numbers are of 32 bits. */
  readonly #vectors: RaggedVectors | undefined;
  /** Whether a ladder can be gone: the sums of one group are not those of another. */
  readonly canClimb = false;
  /** How many persons' scores are gone through. */
  persons = 0;

  /**
   * Makes room for columns of a design.
   *
   * @param isPlain Whether to do without vectors, which changes no bit.
   */
  constructor(design: SelectivityDesign, isPlain = false) {
    const { groupCount, personCount } = design;
    this.#design = design;
    const vectors = raggedVectors(design, isPlain);
    this.#vectors = vectors;
    this.#stride = vectors?.layout.stride ?? personCount;
    const room = groupCount * this.#stride;
    this.#below = vectors?.below ?? new Float64Array(room);
    this.#above = vectors?.above ?? new Float64Array(room);
    this.#absent = vectors?.absent ?? -1;
    this.#scores = roomForWholes(design, groupCount);
    this.#observed = new Float64Array(groupCount);
    this.#ln = Float64Array.from({ length: groupCount + 1 }, (_, i) => Math.log(i));
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks, { persons, personCount, cellRanks, cellNonzeros }: RankSums): void {
    const { groupCount, counts, questionCount } = this.#design;
    for (let group = 0; group < groupCount; group++) this.#sums[group] = noSums();
    this.#observed.fill(0);
    this.persons = 0;
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
    this.#fillPair();
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
    const [below, above, stride, absent] = [this.#below, this.#above, this.#stride, this.#absent];
    const index = this.persons++;
    let squares = 0;
    let cubes = 0;
    let fourths = 0;
    let tiesHigh = 0;
    let tiesLow = 0;
    let at = index;
    for (let group = 0, cell = person; group < groupCount; group++, cell += personCount) {
      if (counts[cell] === 0) {
        below[at] = absent;
        above[at] = absent;
      } else {
        const score = scores[group]!;
        const b = score - mean;
        const square = b * b;
        squares += square;
        cubes += square * b;
        fourths += square * square;
        tiesHigh += Number(score === highest);
        tiesLow += Number(score === lowest);
        this.#observed[group]! += score;
        below[at] = highest - score;
        above[at] = score - lowest;
      }
      at += stride;
    }
    squares /= held;
    const third = cubes / held;
    const fourth = fourths / held - 3 * squares * squares;
    const lnHigh = this.#ln[tiesHigh]! - this.#ln[held]!;
    const lnLow = this.#ln[tiesLow]! - this.#ln[held]!;
    const vectors = this.#vectors;
    if (vectors !== undefined) vectors.helds[index] = held;
    for (let group = 0, cell = person; group < groupCount; group++, cell += personCount) {
      const isHeld = counts[cell] !== 0;
      if (vectors !== undefined) {
        const mask = 2 * (group * stride + index);
        vectors.masks[mask] = -Number(isHeld);
        vectors.masks[mask + 1] = -Number(isHeld);
      }
      if (!isHeld) continue;
      const sums = this.#sums[group]!;
      sums.mean += mean;
      sums.variance += squares;
      sums.skew += third;
      sums.kurtosis += fourth;
      sums.highest += highest;
      sums.lowest += lowest;
      sums.lnHighest += lnHigh;
      sums.lnLowest += lnLow;
      sums.range = Math.max(sums.range, highest - lowest);
    }
  }

  /** Where persons are odd, one more stands in a pair with the last one, and is in no group. */
  #fillPair(): void {
    const vectors = this.#vectors;
    if (vectors === undefined || this.persons % 2 === 0) return;
    vectors.helds[this.persons] = 1;
    for (let group = 0; group < this.#design.groupCount; group++) {
      const at = group * this.#stride + this.persons;
      this.#below[at] = 0;
      this.#above[at] = 0;
      vectors.masks.fill(0, 2 * at, 2 * at + 2);
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
    const vectors = this.#vectors;
    if (vectors !== undefined) {
      const { layout, bits, sums } = vectors;
      const own = layout.masks + 8 * group * layout.stride;
      return sums.moments(isHigh, t, { end: 8 * Math.ceil(this.persons / 2), range, own, bits });
    }
    return wideMoments(isHigh ? this.#below : this.#above, {
      t,
      group,
      groupCount: this.#design.groupCount,
      persons: this.persons,
      stride: this.#stride,
    });
  }
}
