/**
 * What the persons' scores give on average if higher ones are likelier, and where that is what was
 * observed.
 *
 * Scores are whole numbers, so e^(−t·d) of all d is the product of two of some 150 numbers.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";

/** So near to the solution, in units of 1/range, a Taylor step is exact to 1e-9. */
const NEAR = 5e-5;
const MOST_STEPS = 200;
/** A column of fewer cells is not worth a table. */
const FEW = 160;

/** The scores of a column's persons. */
export class TiltedSums {
  /** How far each cell's score is below its person's highest; persons without a difference are left out. */
  readonly #below: Int32Array<ArrayBuffer>;
  /** How far it is above the lowest. */
  readonly #above: Int32Array<ArrayBuffer>;
  /** The first cell of each person that is left, in the design. */
  readonly #rows: Int32Array<ArrayBuffer>;
  readonly #counts: Int32Array<ArrayBuffer>;
  readonly #groupCount: number;
  /** Whether every person has questions in every group. */
  readonly #isComplete: boolean;
  #persons = 0;
  #coarse = new Float64Array(0);
  #fine = new Float64Array(0);
  /** What the last tilt gave. */
  #lnMass = 0;
  #gap = 0;
  #spread = 0;
  #skew = 0;

  /** Makes room for columns of a design. */
  constructor({ counts, groupCount, personCount }: SelectivityDesign) {
    this.#counts = counts;
    this.#groupCount = groupCount;
    this.#isComplete = counts.every((count) => count > 0);
    this.#below = new Int32Array(counts.length);
    this.#above = new Int32Array(counts.length);
    this.#rows = new Int32Array(personCount);
  }

  /** Forgets the column before. */
  clear(): void {
    this.#persons = 0;
  }

  /** Adds a person's scores. */
  add(row: number, scores: Float64Array, lowest: number, highest: number): void {
    const groupCount = this.#groupCount;
    const at = this.#persons * groupCount;
    for (let group = 0; group < groupCount; group++) {
      const isHeld = this.#counts[row + group] !== 0;
      this.#below[at + group] = isHeld ? highest - scores[group]! : -1;
      this.#above[at + group] = isHeld ? scores[group]! - lowest : -1;
    }
    this.#rows[this.#persons++] = row;
  }

  /**
   * Finds t at which the expected gap to the largest sum is the observed one.
   *
   * @param isHigh Whether the sum is above its mean.
   * @param start The gap; what it is on average at t = 0; the variance then; the largest range.
   * @returns t, t·x − K(t) and K″(t).
   */
  tilt(
    group: number,
    isHigh: boolean,
    { gap, meanGap, variance, range }: {
      gap: number;
      meanGap: number;
      variance: number;
      range: number;
    },
  ): { t: number; exponent: number; spread: number } {
    let [low, high] = [0, Infinity];
    let t = Math.log(meanGap / gap) * meanGap / variance;
    for (let step = 0;; step++) {
      this.#sum(group, isHigh, t, range);
      const [found, spread] = [this.#gap, this.#spread];
      if (found > gap) low = t;
      else high = t;
      const move = Math.log(found / gap) * found / spread;
      if (Math.abs(move) * range <= NEAR || step === MOST_STEPS) {
        return this.#refined(t, gap);
      }
      const next = t + move;
      t = next > low && next < high ? next : high === Infinity ? 2 * low : (low + high) / 2;
    }
  }

  /** The last step to the solution, by what the sums and their derivatives say. */
  #refined(t: number, gap: number): { t: number; exponent: number; spread: number } {
    const [spread, skew] = [this.#spread, this.#skew];
    const rest = this.#gap - gap;
    const linear = rest / spread;
    const move = linear + skew * linear * linear / (2 * spread); // gap(t + m) = gap − spread·m + …
    const exponent = -this.#lnMass - t * gap +
      move * (rest - move * (spread / 2 - move * skew / 6));
    return { t: t + move, exponent, spread: spread - skew * move };
  }

  /** ln of the mean mass, the mean gap, its variance and its third central moment, summed. */
  #sum(group: number, isHigh: boolean, t: number, range: number): void {
    const gaps = isHigh ? this.#below : this.#above;
    const persons = this.#persons;
    const groupCount = this.#groupCount;
    const isComplete = this.#isComplete;
    const isTabled = persons * groupCount >= FEW;
    const bits = isTabled ? this.#tabulate(t, range) : 0;
    const [coarse, fine, mask] = [this.#coarse, this.#fine, (1 << bits) - 1];
    let lnMass = 0, gap = 0, spread = 0, skew = 0, product = 1;
    for (let person = 0, at = 0; person < persons; person++, at += groupCount) {
      if (!isComplete && gaps[at + group]! < 0) continue;
      let mass = 0, first = 0, second = 0, third = 0, held = 0;
      for (let i = at; i < at + groupCount; i++) {
        const d = gaps[i]!;
        if (d < 0) continue;
        const weight = isTabled ? coarse[d >> bits]! * fine[d & mask]! : Math.exp(-t * d);
        const w1 = weight * d;
        const w2 = w1 * d;
        held++;
        mass += weight;
        first += w1;
        second += w2;
        third += w2 * d;
      }
      const inverse = 1 / mass;
      const mean = first * inverse;
      const square = second * inverse;
      const variance = square - mean * mean;
      gap += mean;
      spread += variance;
      skew += third * inverse - mean * (square + 2 * variance);
      // The logarithm of a product of some: each factor is between 1/groups and 1.
      product *= mass / held;
      if (product > 1e-200) continue;
      lnMass += Math.log(product);
      product = 1;
    }
    this.#lnMass = lnMass + Math.log(product);
    this.#gap = gap;
    this.#spread = spread;
    this.#skew = skew;
  }

  /** e^(−t·d) for d up to a range, as two factors; returns how many bits the finer one takes. */
  #tabulate(t: number, range: number): number {
    const bits = Math.max(1, Math.ceil(Math.log2(range + 1) / 2));
    const fineCount = 1 << bits;
    const coarseCount = Math.floor(range / fineCount) + 1;
    if (this.#fine.length < fineCount) this.#fine = new Float64Array(fineCount);
    if (this.#coarse.length < coarseCount) this.#coarse = new Float64Array(coarseCount);
    for (let i = 0; i < fineCount; i++) this.#fine[i] = Math.exp(-t * i);
    for (let i = 0; i < coarseCount; i++) this.#coarse[i] = Math.exp(-t * i * fineCount);
    return bits;
  }
}
