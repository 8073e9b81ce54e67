/**
 * How uncertain a number is that questions' parts are known of: over persons, and from ten persons and
 * ten wordings of each group on over both.
 *
 * @module
 */
import { twoWayVariance } from "../stats/two_way_variance.ts";
import { areCrossed, type Part } from "./questions.ts";

/** A variance, and how many persons, or wordings if these are fewer, it rests on. */
export interface PartVariance {
  /** The variance. */
  readonly variance: number;
  /** Student's t has one degree of freedom fewer. */
  readonly units: number;
}

/**
 * The variance of a number of which each question has a part.
 *
 * @param parts Each question's part of the deviation from it.
 * @param group The one group that it is of. Default: it is of all.
 */
export function varianceOf(parts: ArrayLike<number>, part: Part, group?: number): PartVariance {
  const { persons, personCount, wordings } = part;
  const byPerson = clustered(parts, persons);
  const isCrossed = group === undefined ? areCrossed(part) : part.isCrossed[group] === true;
  if (wordings === null || !isCrossed) return { variance: byPerson, units: personCount };
  const variance = twoWayVariance({
    persons: byPerson,
    wordings: clustered(parts, wordings),
    both: clustered(parts, bothOf(part)),
  });
  return { variance, units: fewestOf(part, group) };
}

/**
 * How many persons there are, or wordings if these are fewer; of one group on the side that has fewer, for
 * a wording is on one side alone.
 */
function fewestOf({ groups, persons, wordings }: Part, group: number | undefined): number {
  const isIn = groups.map((each) => group === undefined || each === group);
  const counts = [true, false].flatMap((side) =>
    [persons, wordings!].map((clusters) =>
      new Set(clusters.filter((_, i) => isIn[i] === side)).size
    )
  );
  return Math.min(...counts.filter((count) => count > 0));
}

/** The number of each question's person and wording together, from 0. */
export function bothOf({ persons, wordings }: Part): number[] {
  const numbers = new Map<string, number>();
  return persons.map((person, i) =>
    numbers.getOrInsert(`${person}:${wordings?.[i] ?? ""}`, numbers.size)
  );
}

/** m/(m−1)·Σ part² over clusters. */
function clustered(parts: ArrayLike<number>, clusters: readonly number[]): number {
  const sums = new Float64Array(clusters.reduce((most, each) => Math.max(most, each + 1), 0));
  clusters.forEach((cluster, i) => sums[cluster]! += parts[i]!);
  const { length } = sums;
  return length < 2 ? 0 : length / (length - 1) * sums.reduce((sum, each) => sum + each * each, 0);
}
