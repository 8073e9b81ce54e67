/**
 * A cumulant function between no tilt, where its derivatives are known, and the end of a ladder, on whose
 * rungs it is known.
 *
 * @module
 */
import { type Ladder, MOST_RUNGS } from "./ladder.ts";
import type { TiltedMoments } from "./tilt_step.ts";

const MOST_STEPS = 30;

/** So much of ln p, or of 1, may be wrong, if the last rung did not count. */
const TOLERANCE = 1e-10;
/** So far beyond the last rung, in units of the ladder's length, what is found still leads near. */
const BEYOND = 0.3;

/** Where the gap is as wanted, by the polynomial through the ladder. */
export interface OnLadder {
  /** The tilt. */
  readonly t: number;
  /** t·x − K(t) there. */
  readonly exponent: number;
  /** K″(t) there. */
  readonly spread: number;
  /** Whether there is such a tilt; else these say nothing. */
  readonly isFound: boolean;
  /** Whether these are exact: a polynomial through one rung less says about the same. */
  readonly isExact: boolean;
}

/** The polynomial of one column after the other; it keeps only room. */
export class LadderCurve {
  readonly #coefficients = new Float64Array(MOST_RUNGS);
  readonly #places = new Float64Array(MOST_RUNGS);
  #count = 0;
  #length = 0;
  /** What the polynomial adds to the series at a place, and its derivatives by the place. */
  #value = 0;
  #slope = 0;
  #bend = 0;
  #untilted: TiltedMoments = NO_MOMENTS;

  /**
   * Leads a polynomial through the rungs.
   *
   * @param untilted The moments without a tilt.
   * @param step The small tilt.
   * @param lnMeans The function at each rung.
   */
  lead(
    { rungs, order }: Ladder,
    { untilted, step, lnMeans }: {
      untilted: TiltedMoments;
      step: number;
      lnMeans: ArrayLike<number>;
    },
  ): void {
    const last = rungs.at(-1)!;
    const length = last * step;
    const c = this.#coefficients;
    const places = this.#places;
    const count = rungs.length;
    this.#count = count;
    this.#length = length;
    this.#untilted = untilted;
    for (let i = 0; i < count; i++) {
      const place = order[i]!;
      const x = rungs[place]! / last;
      const t = x * length;
      // What is left of the function, over x⁵.
      const x2 = x * x;
      c[i] = (lnMeans[place]! + t * untilted.gap - series(untilted, t)) / (x2 * x2 * x);
      places[i] = x;
    }
    // Newton's divided differences.
    for (let order = 1; order < count; order++) {
      for (let i = count - 1; i >= order; i--) {
        c[i] = (c[i]! - c[i - 1]!) / (places[i]! - places[i - order]!);
      }
    }
  }

  /**
   * Finds the tilt at which the gap is as wanted.
   *
   * @param start The tilt as far as it is known.
   */
  solve(wanted: number, start: number): OnLadder {
    const { gap, spread, skew, kurtosis } = this.#untilted;
    const length = this.#length;
    const square = length * length;
    const rest = gap - wanted;
    let x = start / length;
    let isDone = false;
    let t = 0;
    let bend = 0;
    for (let step = 0; step < MOST_STEPS; step++) {
      this.#at(x, this.#count);
      t = x * length;
      bend = (spread - t * (skew - t * kurtosis / 2)) * square + this.#bend;
      if (isDone) break;
      const slope = (rest - t * (spread - t * (skew / 2 - t * kurtosis / 6))) * length -
        this.#slope;
      const move = slope / bend;
      x += move;
      // After so small a step, the rest is its square.
      isDone = Math.abs(move) <= 1e-8 * Math.abs(x);
      if (!(x > 0 && x <= 1 + BEYOND && bend > 0)) break;
    }
    const isFound = isDone && bend > 0 && x > 0 && x <= 1 + BEYOND;
    const exponent = t * rest - series(this.#untilted, t) - this.#value;
    const isExact = isFound && x <= 1 && exponent > 0 &&
      this.#differenceAt(x, exponent, bend) <= TOLERANCE * Math.max(1, exponent);
    return { t, exponent, spread: bend / square, isFound, isExact };
  }

  /** How much ln of the tail would differ if the last rung did not count. */
  #differenceAt(x: number, exponent: number, bend: number): number {
    const value = this.#value;
    const curve = this.#bend;
    this.#at(x, this.#count - 1);
    return errorOfLn(exponent, {
      value: Math.abs(value - this.#value),
      spread: Math.abs(curve - this.#bend) / bend,
    });
  }

  /** Evaluates the polynomial through the first so many rungs, times x⁵. */
  #at(x: number, count: number): void {
    const c = this.#coefficients;
    const places = this.#places;
    let value = c[count - 1]!;
    let slope = 0;
    let half = 0;
    for (let i = count - 2; i >= 0; i--) {
      const factor = x - places[i]!;
      half = half * factor + slope;
      slope = slope * factor + value;
      value = value * factor + c[i]!;
    }
    const x3 = x * x * x;
    this.#value = x3 * x * x * value;
    this.#slope = x3 * x * (x * slope + 5 * value);
    this.#bend = x3 * (x * (2 * x * half + 10 * slope) + 20 * value);
  }
}

const NO_MOMENTS: TiltedMoments = { t: 0, lnMean: 0, gap: 0, spread: 0, skew: 0, kurtosis: 0 };

/** The function by its derivatives at 0, from the second to the fourth. */
function series({ spread, skew, kurtosis }: TiltedMoments, t: number): number {
  return t * t * (spread / 2 - t * (skew / 6 - t * kurtosis / 24));
}

/** How much ln of the tail is wrong if the exponent is by `value`, and the spread by a share `spread` of itself. */
function errorOfLn(
  exponent: number,
  { value, spread }: { value: number; spread: number },
): number {
  // Of Mills(w) − 1/w + 1/u, both terms are about 1/w.
  const inverse = 1 / Math.sqrt(2 * exponent);
  return value * (1 + inverse * inverse * inverse) + spread / 2 * (1 + inverse);
}
