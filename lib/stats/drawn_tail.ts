/**
 * The tail of a sum of scores drawn from all, without putting one back.
 *
 * Skovgaard, Journal of Applied Probability 24 (1987): the double saddlepoint.
 *
 * @module
 */
import { lugannaniRice } from "./lugannani_rice.ts";
import { MIDDLE, type StratifiedTail } from "./stratified_tail.ts";

/** The tail of a sum of scores, on the side on which it lies. */
export type DrawnTail = StratifiedTail;

/**
 * The tail of the sum of the scores that were drawn.
 *
 * @param scores All scores, whole numbers.
 * @param isDrawn Which of them were drawn: at least one, and not all.
 */
export function drawnTail(scores: ArrayLike<number>, isDrawn: ArrayLike<boolean>): DrawnTail {
  const n = scores.length;
  let [drawn, observed, sum] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    sum += scores[i]!;
    if (!isDrawn[i]) continue;
    drawn++;
    observed += scores[i]!;
  }
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (n * scores[i]! - sum) ** 2;
  const centred = observed - drawn * sum / n;
  if (squares === 0) return { observed, centred: 0, variance: 0, lnTail: 0, branch: "constant" };
  const variance = drawn * (n - drawn) / (n * (n - 1)) * squares / (n * n);
  if (Math.abs(centred) < MIDDLE * Math.sqrt(variance)) {
    return { observed, centred, variance, lnTail: 0, branch: "middle" };
  }
  const sign = Math.sign(centred);
  const levels = levelsOf(Float64Array.from(scores, (score) => sign * (score - sum / n)));
  const highest = largestSum(Float64Array.from(scores, (score) => sign * score), drawn);
  if (highest.sum === sign * observed) {
    return { observed, centred, variance, lnTail: highest.ln, branch: "edge" };
  }
  const lnTail = saddlepoint(levels, {
    drawn,
    n,
    centred: Math.abs(centred),
    lnEdge: highest.ln,
  });
  return { observed, centred, variance, lnTail, branch: "saddlepoint" };
}

/** Different scores, and how often each is there. */
interface Levels {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

function levelsOf(scores: Float64Array): Levels {
  scores.sort();
  const values: number[] = [];
  const counts: number[] = [];
  for (const score of scores) {
    if (values.at(-1) === score) counts[counts.length - 1]!++;
    else {
      values.push(score);
      counts.push(1);
    }
  }
  return { values: Float64Array.from(values), counts: Float64Array.from(counts) };
}

/** The largest sum of so many scores, and ln of the probability to draw it. */
function largestSum(scores: Float64Array, drawn: number): { sum: number; ln: number } {
  scores.sort();
  const top = scores.subarray(scores.length - drawn);
  const last = top[0]!;
  const sum = top.reduce((total, score) => total + score, 0);
  const tied = (part: Float64Array) =>
    part.reduce((count, score) => count + Number(score === last), 0);
  return { sum, ln: lnChoose(tied(scores), tied(top)) - lnChoose(scores.length, drawn) };
}

/** ln of the number of ways to choose k of n. */
function lnChoose(n: number, k: number): number {
  let ln = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) ln += Math.log((n - Math.min(k, n - k) + i) / i);
  return ln;
}

/** Where the derivatives of Σ ln(1 − π + π·e^(s + tb)) are the number drawn and their sum. */
function saddlepoint(
  { values, counts }: Levels,
  { drawn, n, centred, lnEdge }: { drawn: number; n: number; centred: number; lnEdge: number },
): number {
  const share = drawn / n;
  const range = values.at(-1)! - values[0]!;
  const scaled = values.map((value) => value / range);
  const at = (s: number, t: number) =>
    cumulants({ values: scaled, counts }, share, { s, t, drawn, centred: centred / range });
  let [s, t] = [0, 0];
  let here = at(s, t);
  for (let step = 0; step < 200; step++) {
    const { ss, st, tt, byS, byT } = here;
    const determinant = ss * tt - st * st;
    const stepS = -(tt * byS - st * byT) / determinant;
    const stepT = -(ss * byT - st * byS) / determinant;
    let length = 1;
    let next = at(s + stepS, t + stepT);
    while (!(next.value <= here.value + 1e-12 * Math.abs(here.value)) && length > 1e-9) {
      length /= 2;
      next = at(s + length * stepS, t + length * stepT);
    }
    s += length * stepS;
    t += length * stepT;
    here = next;
    if (Math.abs(length * stepT) <= 1e-12 * Math.abs(t)) break;
  }
  const { ss, st, tt, value } = here;
  const curvature = tt - st * st / ss;
  const u = -Math.expm1(-t) * Math.sqrt(curvature * ss / (n * share * (1 - share)));
  return lugannaniRice({ exponent: -value, u, lnEdge });
}

/** Σ ln(1 − π + π·e^(s + tb)) − s·n₁ − t·x, with its derivatives. */
function cumulants(
  { values, counts }: Levels,
  share: number,
  { s, t, drawn, centred }: { s: number; t: number; drawn: number; centred: number },
) {
  let [value, first, firstT, ss, st, tt] = [-s * drawn - t * centred, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const b = values[i]!;
    const exponent = s + t * b;
    // e to whichever of both signs does not overflow
    const weight = Math.exp(-Math.abs(exponent));
    const [yes, no] = exponent > 0 ? [share, (1 - share) * weight] : [share * weight, 1 - share];
    const mass = yes + no;
    const p = yes / mass;
    const q = no / mass;
    const count = counts[i]!;
    value += count * (Math.log(mass) + Math.max(0, exponent));
    first += count * p;
    firstT += count * p * b;
    ss += count * p * q;
    st += count * p * q * b;
    tt += count * p * q * b * b;
  }
  return { value, byS: first - drawn, byT: firstT - centred, ss, st, tt };
}
