/**
 * What the persons' scores give on average if higher ones are likelier, and where that is what was
 * observed.
 *
 * Scores are whole numbers, so e^(−t·d) of all d is the product of two of some 150 numbers.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { roomForWholes, type Wholes } from "./wholes.ts";
import { HermiteSolver } from "./hermite.ts";
import { stepTo, type TiltedMoments } from "./tilt_step.ts";

/** So near to the solution, in units of 1/range, a Taylor step is exact to 1e-9. */
const NEAR = 1e-3;
const MOST_STEPS = 200;
/** A column of fewer cells is not worth a table. */
const FEW = 160;

/** Two tilts nearer than this, in the same units, differ too little to say more than one of them. */
const APART = 0.03;

/** A saddlepoint. */
export interface Tilt {
  /** The tilt. */
  readonly t: number;
  /** t·x − K(t). */
  readonly exponent: number;
  /** K″(t). */
  readonly spread: number;
}

/** The scores of a column's persons. */
export class TiltedSums {
  /** How far each cell's score is below its person's highest; persons without a difference are left out. */
  readonly #below: Wholes;
  /** How far it is above the lowest. */
  readonly #above: Wholes;
  readonly #design: SelectivityDesign;
  /** The sums that are known of the column, on each side. */
  readonly #found: readonly [TiltedMoments[], TiltedMoments[]] = [[], []];
  readonly #hermite = new HermiteSolver();
  #persons = 0;
  #coarse = new Float64Array(0);
  #fine = new Float64Array(0);

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    this.#design = design;
    this.#below = roomForWholes(design, design.counts.length);
    this.#above = roomForWholes(design, design.counts.length);
  }

  /** Forgets the column before. */
  clear(): void {
    this.#persons = 0;
    for (const found of this.#found) found.length = 0;
  }

  /** Adds a person's scores. */
  add(row: number, scores: Wholes, lowest: number, highest: number): void {
    const { groupCount, counts, isComplete } = this.#design;
    const below = this.#below;
    const above = this.#above;
    const at = this.#persons++ * groupCount;
    for (let group = 0; group < groupCount; group++) {
      const isHeld = isComplete || counts[row + group] !== 0;
      below[at + group] = isHeld ? highest - scores[group]! : -1;
      above[at + group] = isHeld ? scores[group]! - lowest : -1;
    }
  }

  /**
   * Finds t at which the expected gap to the largest sum is the observed one.
   *
   * The sums at a tilt are those of all groups where every person is in each: what one group has taken
   * serves the next. Between two tilts, and near them, a polynomial through both is exact enough; else the
   * sums are taken at one more.
   *
   * @param isHigh Whether the sum is above its mean.
   * @param start The gap; the largest range; the sums at t = 0.
   * @returns t, t·x − K(t) and K″(t).
   */
  tilt(
    group: number,
    isHigh: boolean,
    { gap, range, untilted }: { gap: number; range: number; untilted: TiltedMoments },
  ): Tilt {
    const found = this.#found[Number(isHigh)]!;
    if (!this.#design.isComplete) found.length = 0; // another group's sums are of other persons
    if (found.length === 0) found.push(untilted);
    let low = 0;
    let high = Infinity;
    let here = nearest(found, gap);
    let t = Math.max(0, here.t + stepTo(here, gap));
    for (let step = 0;; step++) {
      const other = partner(found, here, { t, range });
      if (other !== undefined) {
        const between = this.#hermite.solve(here, other, { wanted: gap, start: t, range });
        if (between.isExact) {
          const { t, lnMean, spread } = between;
          return { t, exponent: -lnMean - t * gap, spread };
        }
        if (between.isFound && between.t > low && between.t < high) t = between.t;
      }
      here = this.#sum(group, isHigh, t, range);
      found.push(here);
      if (here.gap > gap) low = t;
      else high = t;
      const move = stepTo(here, gap);
      if (Math.abs(move) * range <= NEAR || step === MOST_STEPS) return refined(here, gap, move);
      const next = t + move;
      t = next > low && next < high ? next : high === Infinity ? 2 * low : (low + high) / 2;
    }
  }

  /** ln of the mean mass, and the cumulants of the gap, over the persons in a group. */
  #sum(group: number, isHigh: boolean, t: number, range: number): TiltedMoments {
    const gaps = isHigh ? this.#below : this.#above;
    const persons = this.#persons;
    const { groupCount, isComplete } = this.#design;
    const isTabled = persons * groupCount >= FEW && range < 2 ** 31;
    const isPlain = isTabled && isComplete;
    const bits = isTabled ? this.#tabulate(t, range) : 0;
    const coarse = this.#coarse;
    const fine = this.#fine;
    const mask = (1 << bits) - 1;
    let lnMean = 0;
    let gap = 0;
    let spread = 0;
    let skew = 0;
    let kurtosis = 0;
    let product = 1;
    for (let person = 0, at = 0; person < persons; person++) {
      const end = at + groupCount;
      if (!isComplete && gaps[at + group]! < 0) {
        at = end;
        continue;
      }
      let mass = 0;
      let first = 0;
      let second = 0;
      let third = 0;
      let fourth = 0;
      let held = groupCount;
      // Written twice, for speed: nearly all features take this loop, which asks nothing on its way.
      if (isPlain) {
        for (; at < end; at++) {
          const d = gaps[at]!;
          const weight = coarse[d >> bits]! * fine[d & mask]!;
          const w1 = weight * d;
          const w2 = w1 * d;
          const w3 = w2 * d;
          mass += weight;
          first += w1;
          second += w2;
          third += w3;
          fourth += w3 * d;
        }
      } else {
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
    const bits = Math.max(1, Math.ceil(Math.log2(range + 1) / 2));
    const fineCount = 1 << bits;
    const coarseCount = Math.floor(range / fineCount) + 1;
    if (this.#fine.length < fineCount) this.#fine = new Float64Array(fineCount);
    if (this.#coarse.length < coarseCount) this.#coarse = new Float64Array(coarseCount);
    const fine = this.#fine;
    const coarse = this.#coarse;
    // By multiplication, which is exact enough: a product of a hundred factors loses two digits.
    powers(fine, fineCount, Math.exp(-t));
    powers(coarse, coarseCount, Math.exp(-t * fineCount));
    return bits;
  }
}

function powers(into: Float64Array, count: number, base: number): void {
  let power = 1;
  for (let i = 0; i < count; i++) {
    into[i] = power;
    power *= base;
  }
}

/** Of the tilts of which the sums are known, the one whose gap is nearest to the wanted one. */
function nearest(found: readonly TiltedMoments[], gap: number): TiltedMoments {
  const distance = (each: TiltedMoments) => Math.abs(Math.log(each.gap / gap));
  return found.reduce((best, each) => distance(each) < distance(best) ? each : best);
}

/** Of the other tilts that are far enough from one, the nearest to where the wanted one should be. */
function partner(
  found: readonly TiltedMoments[],
  near: TiltedMoments,
  { t, range }: { t: number; range: number },
): TiltedMoments | undefined {
  let best: TiltedMoments | undefined;
  for (const each of found) {
    if (Math.abs(each.t - near.t) * range < APART) continue;
    if (best === undefined || Math.abs(each.t - t) < Math.abs(best.t - t)) best = each;
  }
  return best;
}

/** t·x − K(t) and K″(t) after the last step, by what the sums' derivatives say. */
function refined(
  { t, lnMean, gap: found, spread, skew, kurtosis }: TiltedMoments,
  gap: number,
  move: number,
): Tilt {
  const rest = found - gap;
  const curve = spread / 2 - move * (skew / 6 - move * kurtosis / 24);
  return {
    t: t + move,
    exponent: -lnMean - t * gap + move * (rest - move * curve),
    spread: spread - move * (skew - move * kurtosis / 2),
  };
}
