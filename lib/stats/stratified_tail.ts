/**
 * The tail of a sum of which every stratum gives one of its scores, each as likely.
 *
 * Lugannani and Rice, Advances in Applied Probability 12 (1980); the form for lattices, Daniels,
 * International Statistical Review 55 (1987).
 *
 * @module
 */
import { lugannaniRice } from "./lugannani_rice.ts";

/** The tail of a sum of scores, on the side on which it lies. */
export interface StratifiedTail {
  /** The sum. */
  readonly observed: number;
  /** The sum less its mean. */
  readonly centred: number;
  /** Its variance. */
  readonly variance: number;
  /** ln of the probability of this or more, on its own side; 0 where nothing can be told. */
  readonly lnTail: number;
  /** How it was found. */
  readonly branch: "constant" | "middle" | "edge" | "saddlepoint";
}

/** Nearer to the mean than so many standard deviations, p is 1. */
export const MIDDLE = 0.01;

/**
 * The tail of a sum.
 *
 * @param strata The scores of each stratum, whole numbers.
 * @param observed The sum of the scores that were drawn.
 */
export function stratifiedTail(
  strata: readonly ArrayLike<number>[],
  observed: number,
): StratifiedTail {
  const [means, variance] = momentsOf(strata);
  const centred = observed - means;
  if (variance === 0) return { observed, centred: 0, variance, lnTail: 0, branch: "constant" };
  if (Math.abs(centred) < MIDDLE * Math.sqrt(variance)) {
    return { observed, centred, variance, lnTail: 0, branch: "middle" };
  }
  const sign = Math.sign(centred);
  const deficits = deficitsOf(strata, sign);
  const gap = sign * (deficits.edge - observed);
  if (gap === 0) {
    return { observed, centred, variance, lnTail: deficits.lnEdge, branch: "edge" };
  }
  const lnTail = saddlepoint(deficits, gap);
  return { observed, centred, variance, lnTail, branch: "saddlepoint" };
}

/** The sum of the strata's means, and the sum of their variances. */
function momentsOf(strata: readonly ArrayLike<number>[]): [number, number] {
  let [means, variance] = [0, 0];
  for (const scores of strata) {
    let sum = 0;
    for (let j = 0; j < scores.length; j++) sum += scores[j]!;
    let squares = 0;
    for (let j = 0; j < scores.length; j++) squares += (scores.length * scores[j]! - sum) ** 2;
    means += sum / scores.length;
    variance += squares / scores.length ** 3;
  }
  return [means, variance];
}

/** How far each score is below the highest of its stratum: whole numbers, one of them 0. */
interface Deficits {
  readonly strata: readonly Float64Array[];
  /** The sum of the highest scores, as it was before any change of sign. */
  readonly edge: number;
  /** ln of its probability. */
  readonly lnEdge: number;
  /** The largest range of a stratum. */
  readonly range: number;
}

function deficitsOf(strata: readonly ArrayLike<number>[], sign: number): Deficits {
  const kept: Float64Array[] = [];
  let [edge, lnEdge, range] = [0, 0, 0];
  for (const scores of strata) {
    let highest = -Infinity;
    for (let j = 0; j < scores.length; j++) highest = Math.max(highest, sign * scores[j]!);
    edge += sign * highest;
    const below = Float64Array.from(scores, (score) => highest - sign * score);
    const widest = below.reduce((most, each) => Math.max(most, each), 0);
    if (widest === 0) continue; // whatever is drawn, it adds the same
    lnEdge += Math.log(below.reduce((sum, each) => sum + Number(each === 0), 0) / below.length);
    range = Math.max(range, widest);
    kept.push(below);
  }
  return { strata: kept, edge, lnEdge, range };
}

/** ln of the tail: the expected gap to the highest sum, tilted by t, is the observed one. */
function saddlepoint({ strata, lnEdge, range }: Deficits, gap: number): number {
  const { t, lnMean, spread } = tilt(strata, gap);
  const exponent = -lnMean - t * gap; // t·x − K(t), which is w²/2
  const u = -Math.expm1(-t * range) / range * Math.sqrt(spread);
  return lugannaniRice({ exponent, u, lnEdge });
}

/** Newton's method in the logarithm of the gap, which falls nearly straight, kept within bounds. */
function tilt(
  strata: readonly Float64Array[],
  gap: number,
): { t: number; lnMean: number; spread: number } {
  let [low, high, t] = [0, Infinity, 0];
  for (let step = 0;; step++) {
    const found = tilted(strata, t);
    if (found.gap > gap) low = t;
    else high = t;
    const next = t + Math.log(found.gap / gap) * found.gap / found.spread;
    const isDone = Math.abs(next - t) <= 1e-12 * t || found.gap === gap || step === 200;
    if (isDone) return { t, ...found };
    t = next > low && next < high ? next : high === Infinity ? 2 * low : (low + high) / 2;
  }
}

/** What the strata give if a score that is d below the highest is e^(−td) times as likely. */
function tilted(
  strata: readonly Float64Array[],
  t: number,
): { lnMean: number; gap: number; spread: number } {
  let [lnMean, gap, spread] = [0, 0, 0];
  for (const below of strata) {
    let [mass, first, second] = [0, 0, 0];
    for (let j = 0; j < below.length; j++) {
      const weight = Math.exp(-t * below[j]!);
      mass += weight;
      first += weight * below[j]!;
      second += weight * below[j]! * below[j]!;
    }
    const mean = first / mass;
    lnMean += Math.log(mass / below.length);
    gap += mean;
    spread += second / mass - mean * mean;
  }
  return { lnMean, gap, spread };
}
