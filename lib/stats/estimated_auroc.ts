/**
 * An AUROC with the interval that the questions allow: over persons; from ten persons and ten wordings
 * on, over both; none with fewer than ten persons, or ten that are active.
 *
 * @module
 */
import { aurocInterval } from "./auroc_interval.ts";
import { clusteredVariance } from "./clustered_variance.ts";
import { crossedIntervals } from "./crossed_intervals.ts";
import { personsActive } from "./persons_active.ts";
import { LEAST_PERSONS } from "./selectivity/selectivity.ts";
import { LEAST_OF_EACH } from "./two_way_variance.ts";
import type { Interval } from "./wilson.ts";

/** An AUROC, and how sure it is. */
export interface EstimatedAuroc {
  /** The AUROC; null if a side is empty. */
  readonly auroc: number | null;
  /** Its 95 % interval; null if there is none. */
  readonly interval: Interval | null;
  /** The variance that the interval is made of; null where there is no interval. */
  readonly variance: number | null;
  /** Whether the interval is over persons and wordings; with fewer than ten wordings it is over persons. */
  readonly isCrossed: boolean;
  /** How many persons the interval is over, on the side that has fewer. */
  readonly persons: number;
  /** Why there is no number or no interval; null if both are there. */
  readonly reason: string | null;
}

/** What intervals are over: persons, or questions where it is not known whose they are. */
export type Units = "persons" | "questions";

/** Whose questions are, and which activations count. */
export interface EstimateDesign {
  /** Whether each question is in the group. */
  readonly inGroup: readonly boolean[];
  /** Whose each question is, from 0. */
  readonly persons: readonly number[];
  /** What these are, where reasons name them: each question its own, if it is not known whose it is. Default: persons. */
  readonly units?: Units | undefined;
  /** The wording of each question, from 0, each group's own. Default: they are not known. */
  readonly wordings?: readonly number[] | undefined;
  /** A value above it is active. Default: values are no activations, and all count. */
  readonly threshold?: number | undefined;
}

/**
 * The AUROC of values for a group.
 *
 * @param values A value for each question.
 * @throws {RangeError} If a value is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { estimateAuroc } from "@coact/coact";
 *
 * const persons = Array.from({ length: 40 }, (_, i) => i % 20);
 * const inGroup = persons.map((_, i) => i < 20);
 * const values = persons.map((person, i) => person % 7 + (i < 20 ? 3 : 0));
 * const { auroc, interval } = estimateAuroc(values, { inGroup, persons });
 * assert.equal(auroc?.toFixed(3), "0.846");
 * assert(interval![0] > 0.5);
 * assert.match(estimateAuroc([1, 2], { inGroup: [true, false], persons: [0, 1] }).reason!, /persons/);
 * ```
 */
export function estimateAuroc(
  values: readonly number[],
  { inGroup, persons, wordings, threshold, units }: EstimateDesign,
): EstimatedAuroc {
  const found = clusteredVariance(values, { inGroup, persons });
  if (found === null) {
    return without({ auroc: null, persons: 0 }, "there are no questions to compare with");
  }
  const { auroc } = found;
  const fewest = Math.min(found.i10, found.i01);
  if (fewest < LEAST_PERSONS) {
    return without(
      { auroc, persons: fewest },
      `${fewerPersons(fewest, units)} in the relation, or outside of it`,
    );
  }
  if (threshold !== undefined) {
    const ofGroup = (each: readonly number[]) => each.filter((_, i) => inGroup[i]);
    const active = personsActive(ofGroup(values), ofGroup(persons), threshold);
    if (active < LEAST_PERSONS) return without({ auroc, persons: fewest }, inactive(active, units));
  }
  const crossed = wordings !== undefined && hasMany(wordings, inGroup)
    ? crossedIntervals(values, { inGroup, persons, wordings })
    : null;
  const interval = crossed ? crossed.auroc : aurocInterval(found);
  if (interval === null) return without({ auroc, persons: fewest }, "all values are equal");
  const { variance } = crossed ?? found;
  const isCrossed = crossed !== null;
  return { auroc, interval, variance, isCrossed, persons: fewest, reason: null };
}

/** Whether there are enough wordings on both sides: with fewer, nothing is worth computing over them. */
function hasMany(wordings: readonly number[], inGroup: readonly boolean[]): boolean {
  return [true, false].every((side) =>
    new Set(wordings.filter((_, i) => inGroup[i] === side)).size >= LEAST_OF_EACH
  );
}

/** What is said of so few persons. */
export function fewerPersons(persons: number, units: Units = "persons"): string {
  return `fewer than ${LEAST_PERSONS} ${units} (${persons})`;
}

/** What is said where too few persons are active. */
export function inactive(persons: number, units: Units = "persons"): string {
  return `${fewerPersons(persons, units)} have an activation above the threshold`;
}

function without(
  known: Pick<EstimatedAuroc, "auroc" | "persons">,
  reason: string,
): EstimatedAuroc {
  return { ...known, interval: null, variance: null, isCrossed: false, reason };
}
