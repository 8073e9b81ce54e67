/**
 * A number, its interval, and why one of them is not there.
 *
 * @module
 */
import type { Influence } from "../stats/auroc_influence.ts";
import { aurocInterval } from "../stats/auroc_interval.ts";
import { clusteredVariance } from "../stats/clustered_variance.ts";
import { influenceInterval } from "../stats/influence_interval.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import type { Interval } from "../stats/wilson.ts";
import { type Part, tooFew } from "./questions.ts";

/** A number as a verdict states it. */
export interface Measured {
  /** The number; null if it does not exist. */
  readonly value: number | null;
  /** Its 95 % interval over persons; null if there is none. */
  readonly interval: Interval | null;
  /** Why the number or its interval is missing; null if both are there. */
  readonly reason: string | null;
}

/** A number that does not exist. */
export function missing(reason: string): Measured {
  return { value: null, interval: null, reason };
}

/** A number without an interval. */
export function unsure(value: number, reason: string): Measured {
  return { value, interval: null, reason };
}

/** A number with its interval. */
export function sure(value: number, interval: Interval): Measured {
  return { value, interval, reason: null };
}

/** A sum of persons' parts, with the t interval over persons. */
export function measuredInfluence(influence: Influence, part: Part): Measured {
  const few = tooFew(part);
  if (few !== undefined) return unsure(influence.estimate, few);
  const interval = influenceInterval(influence);
  return interval === null
    ? unsure(influence.estimate, "it is the same whoever is left out")
    : sure(influence.estimate, interval);
}

/**
 * The AUROC of values for a group, with its interval over persons.
 *
 * @param values A value for each question of the part.
 * @param threshold A value above it is active; without one, values are no activations.
 */
export function measuredAuroc(
  values: ArrayLike<number>,
  part: Part,
  { group, threshold }: { group: number; threshold?: number | undefined },
): Measured {
  const inGroup = part.groups.map((each) => each === group);
  const found = clusteredVariance(values, { inGroup, persons: part.persons });
  if (found === null) return missing("there are no questions to compare with");
  const persons = Math.min(found.i10, found.i01);
  if (persons < LEAST_PERSONS) {
    return unsure(
      found.auroc,
      `there are ${persons} persons on a side, fewer than ${LEAST_PERSONS}`,
    );
  }
  if (threshold !== undefined) {
    const active = personsActive(values, part, { threshold, isAsked: (i) => inGroup[i]! });
    if (active < LEAST_PERSONS) return unsure(found.auroc, inactive(active));
  }
  const interval = aurocInterval(found);
  return interval === null
    ? unsure(found.auroc, "all values are equal")
    : sure(found.auroc, interval);
}

/** How many persons have a value above a threshold among the questions that are asked about. */
export function personsActive(
  values: ArrayLike<number>,
  { persons }: Part,
  { threshold, isAsked = () => true }: {
    threshold: number;
    isAsked?: (i: number) => boolean;
  },
): number {
  const active = new Set<number>();
  persons.forEach((person, i) => {
    if (isAsked(i) && values[i]! > threshold) active.add(person);
  });
  return active.size;
}

/** What is said where too few persons are active. */
export function inactive(persons: number): string {
  return `${persons} persons have an activation above the threshold, fewer than ${LEAST_PERSONS}`;
}

/** What an interval says of a border. */
export type Side = "above" | "below" | "unclear";

/** On which side of a border a number lies, as far as its interval carries it. */
export function sideOf({ interval }: Measured, border: number): Side {
  if (interval === null) return "unclear";
  if (interval[0] > border) return "above";
  return interval[1] < border ? "below" : "unclear";
}
