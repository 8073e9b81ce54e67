/**
 * A number, its interval, and why one of them is not there.
 *
 * @module
 */
import type { Influence } from "../stats/auroc_influence.ts";
import { logitInterval } from "../stats/auroc_interval.ts";
import { estimateAuroc } from "../stats/estimated_auroc.ts";
import { studentQuantile } from "../stats/t_tail.ts";
import type { Interval } from "../stats/wilson.ts";
import { type Part, tooFew } from "./questions.ts";
import { varianceOf } from "./variance.ts";

/** A number as a verdict states it. */
export interface Measured {
  /** The number; null if it does not exist. */
  readonly value: number | null;
  /** Its 95 % interval; null if there is none. */
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

/**
 * A sum of questions' parts, a difference for one, with the t interval over persons; from ten of each on
 * over persons and wordings.
 *
 * @param about Why there is no interval, where one of the parts has none; the one group that it is of,
 * where it is not of all.
 */
export function measuredInfluence(
  influence: Influence,
  part: Part,
  { reason, group }: { reason?: string | undefined; group?: number | undefined } = {},
): Measured {
  const few = reason ?? tooFew(part);
  if (few !== undefined) return unsure(influence.estimate, few);
  const { variance, units } = varianceOf(influence.parts, part, group);
  if (variance === 0) {
    return unsure(
      influence.estimate,
      `no ${part.units === "persons" ? "person" : "question"} changes it`,
    );
  }
  const half = studentQuantile(units - 1) * Math.sqrt(variance);
  return sure(influence.estimate, [influence.estimate - half, influence.estimate + half]);
}

/**
 * A mean of AUROCs, with the interval on the logit scale, which stays between 0 and 1.
 *
 * @param reason Why there is no interval, where one of the AUROCs has none.
 */
export function measuredMeanAuroc(
  { estimate, parts }: Influence,
  part: Part,
  reason?: string | undefined,
): Measured {
  const few = reason ?? tooFew(part);
  if (few !== undefined) return unsure(estimate, few);
  const { variance, units } = varianceOf(parts, part);
  const bounded = atEnd(estimate);
  const isAtEnd = bounded === 0 || bounded === 1;
  return sure(bounded, logitInterval(bounded, isAtEnd ? 0 : variance, units));
}

/** A mean of ones may be a little beside 1. */
function atEnd(mean: number): number {
  const rounded = Math.round(mean);
  return Math.abs(mean - rounded) < 1e-12 ? rounded : mean;
}

/** Whether no question moves a number: what is unknown of it is then not 0, but is not in its parts. */
export function isStill({ parts }: Influence): boolean {
  return parts.every((part) => part === 0);
}

/**
 * A mean of numbers of which no question moves one or more, an AUROC of 1 for one: each interval's own
 * ends in the mean, which holds however the numbers hang together.
 *
 * @param parts The numbers, each with its interval.
 */
export function meanOfIntervals(mean: number, parts: readonly Measured[]): Measured {
  const end = (at: 0 | 1) =>
    parts.reduce((sum, { interval }) => sum + interval![at], 0) / parts.length;
  return sure(atEnd(mean), [end(0), end(1)]);
}

/**
 * The AUROC of values for a group, with its interval.
 *
 * @param values A value for each question of the part.
 * @param threshold A value above it is active; without one, values are no activations.
 */
export function measuredAuroc(
  values: ArrayLike<number>,
  part: Part,
  { group, threshold }: { group: number; threshold?: number | undefined },
): Measured {
  const { auroc, interval, reason } = estimateAuroc(Array.from(values), {
    inGroup: part.groups.map((each) => each === group),
    persons: part.persons,
    wordings: part.wordings ?? undefined,
    units: part.units,
    threshold,
  });
  return { value: auroc, interval, reason };
}

const LACKING = "of one relation there is none: ";

/** Why a mean over relations has no interval: one of its parts has none; undefined if all have one. */
export function lackingIn(parts: readonly Measured[]): string | undefined {
  const reason = parts.find(({ interval }) => interval === null)?.reason;
  return reason == null ? undefined : lacking(reason);
}

/** A reason that is one of a single relation; of a mean of means it is said once. */
export function lacking(reason: string): string {
  return reason.startsWith(LACKING) ? reason : `${LACKING}${reason}`;
}

/**
 * Why a mean or a difference of parts that may be silent has no interval: all of them lack one. Where one
 * of them varies enough, so does the whole.
 */
export function lackingInAll(parts: readonly Measured[]): string | undefined {
  return parts.every(({ interval }) => interval === null)
    ? parts[0]?.reason ?? undefined
    : undefined;
}

/** What an interval says of a border. */
export type Side = "above" | "below" | "unclear";

/** On which side of a border a number lies, as far as its interval carries it. */
export function sideOf({ interval }: Measured, border: number): Side {
  if (interval === null) return "unclear";
  if (interval[0] > border) return "above";
  return interval[1] < border ? "below" : "unclear";
}
