/**
 * The tail of a sum from its saddlepoint.
 *
 * @module
 */
import { millsRatio } from "./normal_tail.ts";

/**
 * ln of the tail's probability: −w²/2 − ½ ln 2π + ln(Mills(w) − 1/w + 1/u), at most Chernoff's bound
 * −w²/2, at least the probability of the largest sum.
 *
 * @param point w²/2 at the saddlepoint; u there; ln of the largest sum's probability.
 */
export function lugannaniRice(
  { exponent, u, lnEdge }: { exponent: number; u: number; lnEdge: number },
): number {
  const chernoff = -Math.max(0, exponent);
  const w = Math.sqrt(-2 * chernoff);
  const bracket = w === 0 ? NaN : millsRatio(w) - 1 / w + 1 / u;
  const ln = bracket > 0
    ? Math.min(chernoff, chernoff - Math.log(2 * Math.PI) / 2 + Math.log(bracket))
    : chernoff;
  return Math.max(lnEdge, ln);
}
