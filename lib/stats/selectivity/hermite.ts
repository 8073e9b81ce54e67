/**
 * A cumulant function between two tilts at which its derivatives are known.
 *
 * @module
 */
import type { TiltedMoments } from "./tilt_step.ts";

/** How many values each of the two tilts gives: the function and four derivatives. */
const KNOWN = 5;
const COEFFICIENTS = 2 * KNOWN;
const MOST_STEPS = 30;

/**
 * So much of the spread may the tenth derivative be wrong by. Of persons whose scores are at most 1 apart,
 * the tenth cumulant over 10! is at most 1e-5 of the variance: two equal likely scores have 8.5e-6.
 */
const TENTH = 1e-5;
const TOLERANCE = 2e-9;
/** So many times as large as it is expected may the next coefficient be. */
const SAFETY = 4;
/** So much may the function itself be wrong by. */
const SMALLEST = 1e-10;
/** So far from the middle of both, in units of their distance, rounding is not yet magnified. */
const REACH = 0.75;
const FAR = 4;

/** Where the gap is as wanted, by the polynomial of degree 9 through both tilts. */
export interface Interpolated {
  /** The tilt. */
  readonly t: number;
  /** The sum of ln of the mean weight there. */
  readonly lnMean: number;
  /** The sum of the variances there. */
  readonly spread: number;
  /** Whether there is such a tilt; else these say nothing. */
  readonly isFound: boolean;
  /** Whether these are exact to about 1e-9. */
  readonly isExact: boolean;
}

/** The second derivative of (x − a)⁵(x − b)⁵, so far from a and b, at most. */
function curveOf(one: number, two: number): number {
  const product = one * two;
  return product * product * product * (20 * (one * one + two * two) + 50 * product);
}

/** Solves for one tilt after the other; it keeps only room. */
export class HermiteSolver {
  readonly #table = new Float64Array(COEFFICIENTS);
  readonly #near = new Float64Array(KNOWN);
  readonly #other = new Float64Array(KNOWN);

  /**
   * Finds the tilt at which the gap is as wanted.
   *
   * @param near The nearer of two tilts, and the other.
   * @param start The tilt as far as it is known.
   * @param range The largest range of a person's scores.
   */
  solve(
    near: TiltedMoments,
    other: TiltedMoments,
    { wanted, start, range }: { wanted: number; start: number; range: number },
  ): Interpolated {
    const width = other.t - near.t;
    const c = this.#coefficients(near, other, width);
    // In units of the distance of both tilts, from the nearer one.
    let at = (start - near.t) / width;
    let value = 0;
    let slope = 0;
    let bend = 0;
    let isDone = false;
    for (let step = 0; step < MOST_STEPS; step++) {
      value = c[COEFFICIENTS - 1]!;
      slope = 0;
      bend = 0;
      for (let i = COEFFICIENTS - 2; i >= 0; i--) {
        const factor = i < KNOWN ? at : at - 1;
        bend = bend * factor + 2 * slope;
        slope = slope * factor + value;
        value = value * factor + c[i]!;
      }
      if (isDone) break;
      const move = -(slope + wanted * width) / bend;
      at += move;
      // After so small a step, the rest is its square.
      isDone = Math.abs(move) <= 1e-8 * Math.max(1, Math.abs(at));
      if (!(Math.abs(at) < FAR)) break;
    }
    const t = near.t + at * width;
    const one = Math.abs(at * width) * range;
    const two = Math.abs((at - 1) * width) * range;
    const spread = bend / (width * width);
    // The second derivative of the interpolation's error, as a share of the spread.
    const error = TENTH * Math.max(near.spread, other.spread, spread) / spread * curveOf(one, two);
    const isFound = isDone && spread > 0 && Math.abs(at - 0.5) <= REACH;
    const isExact = isFound && (error <= TOLERANCE || this.#isBelow(at, width * range, bend));
    return { t, lnMean: value, spread, isFound, isExact };
  }

  /**
   * Whether the polynomial's error is small by what its last coefficients say of the next one: it is at most
   * about as much larger as the tilts are apart in units of the distance π to the nearest pole.
   *
   * @param bend The polynomial's second derivative, in units of the distance of both tilts, as `at` is.
   */
  #isBelow(at: number, apart: number, bend: number): boolean {
    const last = Math.max(
      Math.abs(this.#table[COEFFICIENTS - 1]!),
      Math.abs(this.#table[COEFFICIENTS - 2]!),
    );
    const next = SAFETY * last * Math.max(1, Math.abs(apart) / Math.PI);
    const one = Math.abs(at);
    const two = Math.abs(at - 1);
    return next * curveOf(one, two) <= TOLERANCE * bend && next * (one * two) ** 5 <= SMALLEST;
  }

  /** Newton's divided differences, of which five are at each tilt. */
  #coefficients(near: TiltedMoments, other: TiltedMoments, width: number): Float64Array {
    const table = this.#table;
    const a = taylor(this.#near, near, width);
    const b = taylor(this.#other, other, width);
    for (let i = 0; i < KNOWN; i++) {
      table[i] = a[0]!;
      table[KNOWN + i] = b[0]!;
    }
    for (let order = 1; order < COEFFICIENTS; order++) {
      for (let i = COEFFICIENTS - 1; i >= order; i--) {
        if (i < KNOWN) table[i] = a[order]!;
        else if (i - order >= KNOWN) table[i] = b[order]!;
        else table[i] = table[i]! - table[i - 1]!; // the two ends are 1 apart
      }
    }
    return table;
  }
}

/** Writes the coefficients of the series at a tilt, in units of a distance. */
function taylor(
  into: Float64Array,
  { lnMean, gap, spread, skew, kurtosis }: TiltedMoments,
  width: number,
): Float64Array {
  const square = width * width;
  into[0] = lnMean;
  into[1] = -gap * width;
  into[2] = spread * square / 2;
  into[3] = -skew * square * width / 6;
  into[4] = kurtosis * square * square / 24;
  return into;
}
