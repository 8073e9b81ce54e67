/**
 * How often intervals hold the truth.
 *
 * @module
 */
import type { Interval } from "../../lib/stats/wilson.ts";

/** A number with its interval, as far as there are any. */
export interface Estimated {
  /** The number. */
  readonly value: number | null;
  /** Its interval. */
  readonly interval: Interval | null;
}

/** What came of numbers of one kind. */
interface Count {
  intervals: number;
  held: number;
  excess: number;
}

/** Counts of numbers, by what they are. */
export class Tally {
  readonly #counts: Map<string, Count> = new Map();

  /** Counts a number; nothing is counted where it has no interval, or there is no truth. */
  add(what: string, estimated: Estimated | null | undefined, truth: number | null): void {
    if (estimated?.value == null || estimated.interval === null || truth === null) return;
    const count = this.#counts.getOrInsertComputed(
      what,
      () => ({ intervals: 0, held: 0, excess: 0 }),
    );
    const [low, high] = estimated.interval;
    count.intervals++;
    count.held += Number(low <= truth && truth <= high);
    count.excess += estimated.value - truth;
  }

  /** How often the intervals of a number held the truth, and of how many; a dash if there is none. */
  held(what: string): string {
    const count = this.#counts.get(what);
    return count === undefined ? "–" : shareOf(count.held, count.intervals);
  }

  /** How far the numbers were above the truth in the mean; a dash if there is none. */
  excess(what: string): string {
    const count = this.#counts.get(what);
    return count === undefined ? "–" : (count.excess / count.intervals).toFixed(3);
  }
}

/** A share of a count, for a reader. */
export function shareOf(part: number, of: number): string {
  return of === 0 ? "–" : `${(100 * part / of).toFixed(1)} % of ${of}`;
}

/** Worlds that are drawn and counted. */
export interface Drawn {
  /** How many persons each has. */
  readonly persons: number;
  /** How many worlds there are. */
  readonly draws: number;
  /** The seed of the first; the next one has the next. */
  readonly seed: number;
  /** Where they are counted. */
  readonly tally: Tally;
}
