/**
 * Student's t law: tails in logarithms, and quantiles.
 *
 * The tail is the incomplete beta function by Lentz's continued fraction (Press et al., "Numerical
 * Recipes", 6.4); the ratio of gamma functions by its asymptotic series.
 *
 * @module
 */
import { NORMAL_QUANTILE } from "./normal_tail.ts";

/** From here on the series for the ratio of gamma functions is exact to the last bits. */
const SERIES_FROM = 20;
const MOST_STEPS = 100_000;
/** Of a larger t, 1 + t²/df is t²/df, and the square need not be a float. */
const LARGEST_SQUARED = 1e150;

/**
 * log10 of the probability that a value of Student's t law is as far from 0 as `t`, or farther.
 *
 * @param t The value.
 * @param df The degrees of freedom, more than 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { log10StudentTwoSided } from "@coact/coact";
 *
 * assert.equal(log10StudentTwoSided(1, 1).toFixed(9), Math.log10(0.5).toFixed(9));
 * ```
 */
export function log10StudentTwoSided(t: number, df: number): number {
  const ln = lnTwoSided(Math.abs(t), df);
  return ln === 0 ? 0 : ln / Math.LN10;
}

/**
 * The quantile of Student's t law at .975: what a 95 % interval is wide.
 *
 * @param df The degrees of freedom, at least 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { studentQuantile } from "@coact/coact";
 *
 * assert.equal(studentQuantile(9).toFixed(6), "2.262157");
 * ```
 */
export function studentQuantile(df: number): number {
  const known = quantiles.get(df);
  if (known !== undefined) return known;
  const wanted = Math.log(0.05);
  let t = NORMAL_QUANTILE;
  // Newton's method in the logarithm, which falls nearly straight: from below it converges.
  for (let step = 0; step < 100; step++) {
    const ln = lnTwoSided(t, df);
    const slope = -2 * Math.exp(lnDensity(t, df) - ln);
    const next = t - (ln - wanted) / slope;
    const isDone = Math.abs(next - t) <= 1e-15 * t;
    t = next;
    if (isDone) break;
  }
  quantiles.set(df, t);
  return t;
}

const quantiles = new Map<number, number>();

function lnDensity(t: number, df: number): number {
  return lnGammaRatio(df / 2) - Math.log(Math.PI * df) / 2 -
    (df + 1) / 2 * Math.log1p(t * t / df);
}

function lnTwoSided(t: number, df: number): number {
  if (t === 0) return 0;
  const a = df / 2;
  const x = df / (df + t * t);
  const lnX = t < LARGEST_SQUARED ? -Math.log1p(t * t / df) : Math.log(df) - 2 * Math.log(t);
  const lnRest = -Math.log1p(df / (t * t));
  const lnFactor = a * lnX + lnRest / 2 - Math.log(Math.PI) / 2 + lnGammaRatio(a);
  if (x < (a + 1) / (a + 2.5)) {
    return lnFactor - Math.log(a) + Math.log(betaFraction(x, a, 0.5));
  }
  const rest = t * t / (df + t * t);
  return Math.log1p(-Math.exp(lnFactor + Math.LN2 + Math.log(betaFraction(rest, 0.5, a))));
}

/** ln Γ(a + ½)/Γ(a): each step from a to a + 1 changes it by ln a/(a + ½). */
function lnGammaRatio(a: number): number {
  let shift = 0;
  for (; a < SERIES_FROM; a++) shift += Math.log(a / (a + 0.5));
  const y = 1 / (a * a);
  const series = (-1 / 8 + y * (1 / 192 + y * (-1 / 640 + y * 17 / 14336))) / a;
  return shift + Math.log(a) / 2 + series;
}

/** The continued fraction of the incomplete beta function. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - (a + b) * x / (a + 1));
  let fraction = d;
  for (let m = 1; m < MOST_STEPS; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}
