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
import { roomForWholes, type Wholes } from "./wholes.ts";

/** What is summed over the persons of a group, or over all where all are in every group. */
const PERSON_SUMS = [
  "mean",
  "variance",
  "skew",
  "kurtosis",
  "highest",
  "lowest",
  "lnHighest",
  "lnLowest",
  "range",
] as const;
type PersonSum = typeof PERSON_SUMS[number];

/** The sums over nobody. */
const NOTHING: Readonly<Record<PersonSum, number>> = Object.fromEntries(
  PERSON_SUMS.map((name) => [name, 0]),
) as Record<PersonSum, number>;

/** Finds the tails of one column after the other. */
export class ScoreTails {
  readonly #design: SelectivityDesign;
  readonly #tilted: TiltedSums;
  /** The score of each cell of a person. */
  readonly #scores: Wholes;
  /** The sum of each group's scores. */
  readonly #sums: Float64Array<ArrayBuffer>;
  /** A row for each group, or one where all persons are in every group. */
  readonly #shared: readonly Record<PersonSum, number>[];
  /** ln of whole numbers. */
  readonly #ln: Float64Array<ArrayBuffer>;

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    const { groupCount, isComplete } = design;
    this.#design = design;
    this.#scores = roomForWholes(design, groupCount);
    this.#sums = new Float64Array(groupCount);
    this.#tilted = new TiltedSums(design);
    this.#shared = Array.from({ length: isComplete ? 1 : groupCount }, () => ({ ...NOTHING }));
    this.#ln = Float64Array.from({ length: groupCount + 1 }, (_, i) => Math.log(i));
  }

  /** Reads the scores of a column's cells. */
  read(ranks: ColumnRanks, sums: RankSums): void {
    const { groupCount, counts, questionCount, isComplete } = this.#design;
    for (const row of this.#shared) Object.assign(row, NOTHING);
    const totals = this.#sums.fill(0);
    this.#tilted.clear();
    const ln = this.#ln;
    const scores = this.#scores;
    const { persons, personCount, cellRanks, cellNonzeros } = sums;
    const middle = questionCount + 1;
    const zeroScore = ranks.zeroRank - middle;
    const first = this.#shared[0]!;
    let { mean: means, variance, skew, kurtosis, lnHighest, lnLowest } = first;
    let { highest: highests, lowest: lowests, range: largest } = first;
    for (let i = 0; i < personCount; i++) {
      const row = persons[i]! * groupCount;
      let held = 0;
      let sum = 0;
      let highest = -Infinity;
      let lowest = Infinity;
      for (let group = 0; group < groupCount; group++) {
        const count = counts[row + group]!;
        if (count === 0) continue;
        const nonzeros = cellNonzeros[row + group]!;
        const score = cellRanks[row + group]! - nonzeros * middle + (count - nonzeros) * zeroScore;
        scores[group] = score;
        sum += score;
        held++;
        highest = Math.max(highest, score); // no branch: nobody can foresee it
        lowest = Math.min(lowest, score);
      }
      if (highest === lowest) continue; // whatever is drawn, it adds the same
      let squares = 0;
      let cubes = 0;
      let fourths = 0;
      let tiesHigh = 0;
      let tiesLow = 0;
      const mean = sum / held;
      for (let group = 0; group < groupCount; group++) {
        if (!isComplete && counts[row + group] === 0) continue;
        const score = scores[group]!;
        const b = score - mean;
        const square = b * b;
        squares += square;
        cubes += square * b;
        fourths += square * square;
        totals[group]! += score;
        tiesHigh += Number(score === highest);
        tiesLow += Number(score === lowest);
      }
      squares /= held;
      cubes /= held;
      const fourth = fourths / held - 3 * squares * squares;
      const lnHigh = ln[tiesHigh]! - ln[held]!;
      const lnLow = ln[tiesLow]! - ln[held]!;
      const range = highest - lowest;
      if (isComplete) {
        means += mean;
        variance += squares;
        skew += cubes;
        kurtosis += fourth;
        highests += highest;
        lowests += lowest;
        lnHighest += lnHigh;
        lnLowest += lnLow;
        if (range > largest) largest = range;
      } else {
        for (let group = 0; group < groupCount; group++) {
          if (counts[row + group] === 0) continue;
          const shared = this.#shared[group]!;
          shared.mean += mean;
          shared.variance += squares;
          shared.skew += cubes;
          shared.kurtosis += fourth;
          shared.highest += highest;
          shared.lowest += lowest;
          shared.lnHighest += lnHigh;
          shared.lnLowest += lnLow;
          if (range > shared.range) shared.range = range;
        }
      }
      this.#tilted.add(row, scores, lowest, highest);
    }
    if (!isComplete) return;
    Object.assign(first, { mean: means, variance, skew, kurtosis, lnHighest, lnLowest });
    Object.assign(first, { highest: highests, lowest: lowests, range: largest });
  }

  /** log10 of the two-sided p of a group. */
  log10P(group: number): number {
    const shared = this.#shared[this.#design.isComplete ? 0 : group]!;
    const { mean, variance, range } = shared;
    const sum = this.#sums[group]!;
    const centred = sum - mean;
    if (variance === 0 || Math.abs(centred) < MIDDLE * Math.sqrt(variance)) return 0;
    const isHigh = centred > 0;
    const gap = isHigh ? shared.highest - sum : sum - shared.lowest;
    const lnEdge = isHigh ? shared.lnHighest : shared.lnLowest;
    let lnTail = lnEdge;
    if (gap !== 0) {
      const untilted = {
        t: 0,
        lnMean: 0,
        gap: isHigh ? shared.highest - mean : mean - shared.lowest,
        spread: variance,
        skew: isHigh ? -shared.skew : shared.skew,
        kurtosis: shared.kurtosis,
      };
      const { t, exponent, spread } = this.#tilted.tilt(group, isHigh, { gap, range, untilted });
      const u = -Math.expm1(-t * range) / range * Math.sqrt(spread);
      lnTail = lugannaniRice({ exponent, u, lnEdge });
    }
    return Math.min(0, (lnTail + Math.LN2) / Math.LN10);
  }
}
