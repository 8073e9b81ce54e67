/**
 * A feature's intervals over persons and wordings.
 *
 * @module
 */
import { aurocInterval } from "./auroc_interval.ts";
import { clusteredMean } from "./clustered_mean.ts";
import { clusteredVariance } from "./clustered_variance.ts";
import { personSums } from "./person_sums.ts";
import { studentQuantile } from "./t_tail.ts";
import { LEAST_OF_EACH, twoWayVariance } from "./two_way_variance.ts";
import type { Interval } from "./wilson.ts";

/** Intervals that hold for other persons and other wordings. */
export interface CrossedIntervals {
  /** The variance of the AUROC over both, V_person + V_wording − V_both. */
  readonly variance: number;
  /** Of the AUROC; null for a constant feature. */
  readonly auroc: Interval | null;
  /** Of the difference of means; null where nobody answers unlike the others. */
  readonly difference: Interval | null;
}

/**
 * The 95 % intervals of a feature's AUROC and of its difference of means over persons and wordings,
 * by {@linkcode twoWayVariance}.
 *
 * @param values A feature's activations, one a question.
 * @param design Whether each question is in the group, whose it is and which wording, numbers from 0.
 * A wording that is in no other group has a number of its own.
 * @returns Null with fewer than ten persons or wordings in the group or outside of it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { crossedIntervals } from "@coact/coact";
 *
 * const at = Array.from({ length: 400 }, (_, i) => i);
 * const found = crossedIntervals(at.map((i) => i * 37 % 101 + 20 * (i % 2)), {
 *   inGroup: at.map((i) => i % 2),
 *   persons: at.map((i) => Math.floor(i / 2) % 20),
 *   wordings: at.map((i) => i % 2 + 2 * Math.floor(i / 40)),
 * });
 * assert(found?.auroc && found.auroc[0] > 0.5);
 * ```
 */
export function crossedIntervals(
  values: readonly number[],
  { inGroup, persons, wordings }: {
    inGroup: readonly (number | boolean)[];
    persons: readonly number[];
    wordings: readonly number[];
  },
): CrossedIntervals | null {
  const isIn = inGroup.map(Boolean);
  const numbers = new Map<string, number>();
  const both = persons.map((person, i) =>
    numbers.getOrInsert(`${person}:${wordings[i]!}`, numbers.size)
  );
  const [byPerson, byWording, byBoth] = [persons, wordings, both].map((clusters) => ({
    auroc: clusteredVariance(values, { inGroup, persons: clusters }),
    mean: clusteredMean(personSums(values, isIn, clusters), "difference"),
  }));
  const [one, other] = [byPerson!.auroc, byWording!.auroc];
  if (one === null || other === null) return null;
  const [i10, i01] = [Math.min(one.i10, other.i10), Math.min(one.i01, other.i01)];
  if (Math.min(i10, i01) < LEAST_OF_EACH) return null;
  const combined = (of: (found: typeof byPerson & object) => number) =>
    twoWayVariance({ persons: of(byPerson!), wordings: of(byWording!), both: of(byBoth!) });
  const variance = combined(({ auroc }) => auroc!.variance!);
  const error = Math.sqrt(combined(({ mean }) => mean!.standardError! ** 2));
  // A wording is of one side alone: the side with fewer decides.
  const half = studentQuantile(Math.min(i10, i01) - 1) * error;
  const { estimate } = byPerson!.mean!;
  return {
    variance,
    auroc: aurocInterval({ ...one, variance, i10, i01 }),
    difference: error === 0 ? null : [estimate - half, estimate + half],
  };
}
