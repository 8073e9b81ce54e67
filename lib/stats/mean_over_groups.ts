/**
 * The mean over groups of the groups' means, and how sure it is.
 *
 * @module
 */
import type { Resamples } from "./bootstrap_t.ts";
import { ROUNDING } from "./clustered_mean.ts";
import { studentQuantile } from "./t_tail.ts";
import type { Interval } from "./wilson.ts";

/** A mean over groups. */
export interface MeanOverGroups {
  /** The mean of the groups' means. */
  readonly estimate: number;
  /** Its standard error over persons; 0 with fewer than two. */
  readonly standardError: number;
  /** The 95 % interval; null if there is no standard error. */
  readonly interval: Interval | null;
}

/** Sums and counts of each person and group, `[persons, groups]`. */
interface Cells {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly groups: number;
  readonly persons: number;
}

/**
 * The mean over groups of their mean values; each group counts the same, however many questions it has.
 * The interval is the symmetric bootstrap-t over persons (Hall 1988), or Student's t without resamples.
 *
 * @param values A value a question.
 * @param design The group of each question, from 0, every one of which has some; whose it is, from 0;
 * how many of both there are.
 * @param resamples How often each person is drawn in each resample.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { meanOverGroups } from "@coact/coact";
 *
 * const design = { groups: [0, 0, 1], persons: [0, 1, 1], groupCount: 2, personCount: 2 };
 * assert.equal(meanOverGroups([1, 3, 6], design).estimate, 4); // of 2 and 6
 * ```
 */
export function meanOverGroups(
  values: ArrayLike<number>,
  { groups, persons, groupCount, personCount }: {
    groups: ArrayLike<number>;
    persons: ArrayLike<number>;
    groupCount: number;
    personCount: number;
  },
  resamples?: Resamples,
): MeanOverGroups {
  const room = () => new Float64Array(personCount * groupCount);
  const cells: Cells = { sums: room(), counts: room(), groups: groupCount, persons: personCount };
  for (let i = 0; i < values.length; i++) {
    const at = persons[i]! * groupCount + groups[i]!;
    cells.sums[at]! += values[i]!;
    cells.counts[at]!++;
  }
  const whole = estimateOf(cells);
  if (whole === null) throw new RangeError("Cannot take a mean over groups: one has no question");
  const { estimate, standardError } = whole;
  if (standardError === 0) return { estimate, standardError, interval: null };
  const quantile = resamples === undefined
    ? studentQuantile(personCount - 1)
    : drawnQuantile(cells, estimate, resamples);
  if (quantile === null) return { estimate, standardError, interval: null };
  const half = quantile * standardError;
  return { estimate, standardError, interval: [estimate - half, estimate + half] };
}

/** The .95 quantile of |θ* − θ|/SE*; resamples that lack a group are left out. */
function drawnQuantile(
  cells: Cells,
  estimate: number,
  { persons, counts }: Resamples,
): number | null {
  const distances: number[] = [];
  for (let row = 0; row < counts.length; row += persons) {
    const drawn = estimateOf(cells, { counts, at: row });
    if (drawn === null || drawn.standardError === 0) continue;
    distances.push(Math.abs(drawn.estimate - estimate) / drawn.standardError);
  }
  if (distances.length === 0) return null;
  const sorted = Float64Array.from(distances).sort();
  const at = (sorted.length - 1) * 0.95;
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (at - below) * (next - sorted[below]!);
}

/** The estimate and its standard error, each person as often as drawn; null if a group is empty. */
function estimateOf(
  { sums, counts, groups, persons }: Cells,
  draws?: { counts: ArrayLike<number>; at: number },
): { estimate: number; standardError: number } | null {
  const totals = new Float64Array(groups);
  const sizes = new Float64Array(groups);
  let drawn = 0;
  for (let person = 0; person < persons; person++) {
    const times = draws === undefined ? 1 : draws.counts[draws.at + person]!;
    if (times === 0) continue;
    drawn += times;
    for (let group = 0, at = person * groups; group < groups; group++, at++) {
      totals[group]! += times * sums[at]!;
      sizes[group]! += times * counts[at]!;
    }
  }
  if (sizes.includes(0)) return null;
  const means = totals.map((total, group) => total / sizes[group]!);
  let squares = 0;
  for (let person = 0; person < persons; person++) {
    const times = draws === undefined ? 1 : draws.counts[draws.at + person]!;
    if (times === 0) continue;
    let deviation = 0;
    for (let group = 0, at = person * groups; group < groups; group++, at++) {
      deviation += (sums[at]! - means[group]! * counts[at]!) / sizes[group]!;
    }
    squares += times * (deviation / groups) ** 2;
  }
  const estimate = means.reduce((sum, mean) => sum + mean, 0) / groups;
  const standardError = drawn < 2 ? 0 : Math.sqrt(drawn / (drawn - 1) * squares);
  // The groups' means may cancel, their rounding does not.
  const size = means.reduce((sum, mean) => sum + Math.abs(mean), 0) / groups;
  const isRounding = standardError < ROUNDING * size;
  return { estimate, standardError: isRounding ? 0 : standardError };
}
