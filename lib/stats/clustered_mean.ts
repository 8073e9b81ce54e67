/**
 * Means and differences of means when each person is asked several questions.
 *
 * Ratio estimators by linearisation: W. G. Cochran, "Sampling Techniques" (1977), 6.4 and 9A.
 *
 * @module
 */
import { studentQuantile } from "./t_tail.ts";
import type { Interval } from "./wilson.ts";

/** A person's sums, one number a person in each array. */
export interface PersonSums {
  /** The sum of each person's activations in the group. */
  readonly sumIn: ArrayLike<number>;
  /** How many questions of the group each person has. */
  readonly nIn: ArrayLike<number>;
  /** The sum of each person's activations outside of the group. */
  readonly sumOut: ArrayLike<number>;
  /** How many questions outside of the group each person has. */
  readonly nOut: ArrayLike<number>;
}

/** An estimate, and how sure it is. */
export interface Estimate {
  /** The estimate. */
  readonly estimate: number;
  /** Its standard error; null with fewer than two persons. */
  readonly standardError: number | null;
  /** Its 95 % interval by Student's t; null with fewer than two persons. */
  readonly interval: Interval | null;
}

/** What is estimated: the mean in the group, or that less the mean outside of it. */
export type MeanKind = "mean" | "difference";

/** A standard error below this share of the means' sizes is float64's rounding alone. */
export const ROUNDING = 1e-13;

/**
 * The mean in a group over all persons' questions, or its difference from the mean outside, with a
 * standard error that takes persons, not questions, as independent.
 *
 * @returns Null if a side that is needed has no question.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { clusteredMean } from "@coact/coact";
 *
 * const sums = { sumIn: [3, 1, 2], nIn: [1, 1, 1], sumOut: [2, 0, 2], nOut: [2, 2, 2] };
 * const found = clusteredMean(sums, "difference");
 * assert.equal(found?.estimate.toFixed(4), "1.3333");
 * assert.equal(found?.standardError?.toFixed(4), "0.3333");
 * ```
 */
export function clusteredMean(sums: PersonSums, kind: MeanKind): Estimate | null {
  const found = weightedMean(centredSums(sums, kind), kind);
  if (found === null) return null;
  const { estimate, standardError, persons } = found;
  if (persons < 2) return { estimate, standardError: null, interval: null };
  const half = studentQuantile(persons - 1) * standardError;
  return { estimate, standardError, interval: [estimate - half, estimate + half] };
}

/** Sums of activations less a number near their mean, on each side: means far from 0 cost no digits then. */
export interface CentredSums extends PersonSums {
  /** What was taken from each activation in the group. */
  readonly centerIn: number;
  /** What was taken from each outside of it; 0 where only the group counts. */
  readonly centerOut: number;
}

/** Takes a number near the mean from the activations of each side. */
export function centredSums(
  { sumIn, nIn, sumOut, nOut }: PersonSums,
  kind: MeanKind,
): CentredSums {
  const centerIn = centerOf(sumIn, nIn);
  const centerOut = kind === "difference" ? centerOf(sumOut, nOut) : 0;
  const centred = (sums: ArrayLike<number>, counts: ArrayLike<number>, center: number) =>
    Float64Array.from(sums, (sum, person) => sum - center * counts[person]!);
  return {
    sumIn: centred(sumIn, nIn, centerIn),
    nIn,
    sumOut: centred(sumOut, nOut, centerOut),
    nOut,
    centerIn,
    centerOut,
  };
}

/** A float32, so that its products with counts are exact; 0 of nothing, and where the mean is none. */
function centerOf(sums: ArrayLike<number>, counts: ArrayLike<number>): number {
  let [total, count] = [0, 0];
  for (let person = 0; person < counts.length; person++) {
    total += sums[person]!;
    count += counts[person]!;
  }
  const center = Math.fround(total / count);
  return Number.isFinite(center) ? center : 0;
}

/**
 * The same, each person as often as it was drawn.
 *
 * @param draws How often each person was drawn, in a list from `at` on. Default: once.
 * @returns The estimate; by how much it is more than that of the numbers that were taken away; its standard
 * error (0 with fewer than two persons) and how many persons there are, drawn ones as often as they were; null
 * if a side that is needed has no question.
 */
export function weightedMean(
  { sumIn, nIn, sumOut, nOut, centerIn, centerOut }: CentredSums,
  kind: MeanKind,
  draws?: { counts: ArrayLike<number>; at: number },
): { estimate: number; excess: number; standardError: number; persons: number } | null {
  const isDifference = kind === "difference";
  let [totalIn, countIn, totalOut, countOut, persons] = [0, 0, 0, 0, 0];
  for (let c = 0; c < nIn.length; c++) {
    const times = draws === undefined ? 1 : draws.counts[draws.at + c]!;
    totalIn += times * sumIn[c]!;
    countIn += times * nIn[c]!;
    totalOut += times * sumOut[c]!;
    countOut += times * nOut[c]!;
    if (nIn[c]! > 0 || isDifference && nOut[c]! > 0) persons += times;
  }
  if (countIn === 0 || isDifference && countOut === 0) return null;
  const meanIn = totalIn / countIn;
  const meanOut = isDifference ? totalOut / countOut : 0;
  let squares = 0;
  for (let c = 0; c < nIn.length; c++) {
    const times = draws === undefined ? 1 : draws.counts[draws.at + c]!;
    const deviation = (sumIn[c]! - meanIn * nIn[c]!) / countIn -
      (isDifference ? (sumOut[c]! - meanOut * nOut[c]!) / countOut : 0);
    squares += times * deviation * deviation;
  }
  const standardError = persons < 2 ? 0 : Math.sqrt(persons / (persons - 1) * squares);
  const size = Math.abs(centerIn + meanIn) + Math.abs(centerOut + meanOut);
  const excess = meanIn - meanOut;
  return {
    estimate: centerIn - centerOut + excess,
    excess,
    standardError: standardError < ROUNDING * size ? 0 : standardError,
    persons,
  };
}
