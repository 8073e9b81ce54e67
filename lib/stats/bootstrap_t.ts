/**
 * Intervals from drawing the persons again.
 *
 * P. Hall, "On symmetric bootstrap confidence intervals", Journal of the Royal Statistical Society B 50
 * (1988).
 *
 * @module
 */
import { centredSums, type MeanKind, type PersonSums, weightedMean } from "./clustered_mean.ts";
import { SeededRandom } from "./seeded_random.ts";
import type { Interval } from "./wilson.ts";

/** How often each person is drawn in each resample: `[resamples, persons]`, rows first. */
export interface Resamples {
  /** How many persons there are. */
  readonly persons: number;
  /** The counts. */
  readonly counts: ArrayLike<number>;
}

/** How sure an estimate is, by drawing persons again. */
export interface BootstrapT {
  /** The estimate. */
  readonly estimate: number;
  /** The 95 % interval: the same distance to both sides. */
  readonly interval: Interval;
  /** The .95 quantile of |θ* − θ|/SE*, in the place of Student's. */
  readonly quantile: number;
}

/**
 * Draws as many persons as there are, with replacement, many times. The counts serve all features of a
 * run.
 *
 * @param persons How many persons there are.
 * @param options How many times (1,999 by default), and a seed: with it, the counts are the same again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { drawPersons } from "@coact/coact";
 *
 * const { counts } = drawPersons(10, { resamples: 2, seed: 1 });
 * assert.equal(counts.length, 20);
 * assert.equal(counts.subarray(0, 10).reduce((sum, count) => sum + count), 10);
 * ```
 */
export function drawPersons(
  persons: number,
  { resamples = 1999, seed }: { resamples?: number; seed: number },
): Resamples & { readonly counts: Uint16Array<ArrayBuffer> } {
  const random = new SeededRandom(seed);
  const counts = new Uint16Array(resamples * persons);
  for (let row = 0; row < counts.length; row += persons) {
    for (let i = 0; i < persons; i++) counts[row + random.below(persons)]!++;
  }
  return { persons, counts };
}

/**
 * The symmetric bootstrap-t interval of a mean or a difference over persons. Resamples without a
 * standard error (those of one person only, or without a question on a side) are left out.
 *
 * @returns Null if a side has no question, or the estimate or all resamples have no standard error.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bootstrapT, drawPersons } from "@coact/coact";
 *
 * const ones = new Array(12).fill(1);
 * const sumIn = [3, 1, 2, 4, 2, 3, 1, 2, 3, 5, 2, 1];
 * const sums = { sumIn, nIn: ones, sumOut: ones, nOut: ones };
 * const found = bootstrapT(sums, "difference", drawPersons(12, { seed: 1 }));
 * const [low, high] = found!.interval;
 * assert(low > 0 && Math.abs(low + high - 2 * found!.estimate) < 1e-12);
 * ```
 */
export function bootstrapT(
  sums: PersonSums,
  kind: MeanKind,
  { persons, counts }: Resamples,
): BootstrapT | null {
  const centred = centredSums(sums, kind);
  const whole = weightedMean(centred, kind);
  if (whole === null || whole.standardError === 0) return null;
  const distances: number[] = [];
  for (let row = 0; row < counts.length; row += persons) {
    const drawn = weightedMean(centred, kind, { counts, at: row });
    if (drawn === null || drawn.standardError === 0) continue;
    distances.push(Math.abs(drawn.excess - whole.excess) / drawn.standardError);
  }
  if (distances.length === 0) return null;
  const quantile = quantileOf(Float64Array.from(distances).sort(), 0.95);
  const half = quantile * whole.standardError;
  const { estimate } = whole;
  return { estimate, quantile, interval: [estimate - half, estimate + half] };
}

/** A quantile of sorted values, linear between neighbours, at (n − 1)·share. */
function quantileOf(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (at - below) * (next - sorted[below]!);
}
