/**
 * The features that may be among the strongest of a relation, whatever the relations are called: of them
 * the activations are kept, so that names can be permuted.
 *
 * @module
 */
import type { FeatureColumns } from "../../sae/encode/columns.ts";

/**
 * A feature whose mean over all questions lies so many standard errors of a group's mean below those of
 * as many features as a list has is hardly ever on a list: with a probability below 0.0003.
 */
const FAR = 3.5;
/** A feature that may be silent in a group, with a probability above e to minus this, is a rare one. */
const SURE = 10;
/** Lists of more than these are not made: to leave some out would make lists seem more alike. */
const MOST = 1024;
/** The activations that stay take no more bytes than this; until some are dropped, twice as many. */
const MOST_BYTES = 64 * 2 ** 20;

/** What is known of a feature over all questions. */
export interface WholeMoments {
  /** Its mean. */
  readonly mean: number;
  /** Its standard deviation. */
  readonly deviation: number;
  /** Its greatest activation. */
  readonly greatest: number;
  /** The share of questions for which it is 0. */
  readonly silent: number;
}

/**
 * How high a feature's mean over some draws may lie. That of a rare one is no normal number: one of five
 * draws may be the one that is high. Bernstein's inequality (1924) holds for it, and for draws without
 * replacement, too (Hoeffding 1963); of many draws, it is {@linkcode FAR} standard errors.
 */
function highestMean(
  { mean, deviation, greatest }: WholeMoments,
  { draws, isRare }: { draws: number; isRare: boolean },
): number {
  if (!isRare) return mean + FAR * deviation / Math.sqrt(draws);
  const above = FAR ** 2 / 6 * (greatest - mean);
  return mean + (above + Math.sqrt(above ** 2 + FAR ** 2 * draws * deviation ** 2)) / draws;
}

/** A feature, and how high its mean in a group may lie. */
interface Candidate {
  readonly feature: number;
  readonly high: number;
  readonly column: Float32Array<ArrayBuffer>;
}

/** Keeps the activations of such features while all of them go by. */
export class ListCandidates {
  readonly #freeCount: number;
  readonly #length: number;
  readonly #fewest: number;
  readonly #most: number;
  #kept: Candidate[] = [];
  /** What as many features as a list has come up to, in any group of whatever questions. */
  #border = -Infinity;
  /** The means of the highest that are on a list in any group, 0 for one that may not be. */
  #holders: number[] = [];
  /** How high those reach that were dropped for want of room. */
  #dropped = -Infinity;
  /** There is room for none that reaches less high than this. */
  #floor = -Infinity;
  /** The memory of those that were dropped, which others get: new memory for each takes longer than to fill it. */
  readonly #free: Float32Array<ArrayBuffer>[] = [];

  /**
   * Makes room.
   *
   * @param options How many features can be on a list: the free ones; how long a list is; how many
   * questions there are, and of how many draws the smallest group is made.
   */
  constructor({ freeCount, length, questions, fewest }: {
    freeCount: number;
    length: number;
    questions: number;
    fewest: number;
  }) {
    this.#freeCount = freeCount;
    this.#length = length;
    this.#fewest = Math.max(1, fewest);
    const room = Math.floor(MOST_BYTES / (4 * Math.max(1, questions)));
    this.#most = Math.max(length, Math.min(MOST, room));
  }

  /**
   * Looks at neighbouring features; the values stay the caller's.
   *
   * @param momentsOf What is known of each, from 0.
   */
  see(
    { first, count, questions, values }: FeatureColumns,
    momentsOf: (i: number) => WholeMoments,
  ): void {
    for (let i = 0; i < count && first + i < this.#freeCount; i++) {
      const moments = momentsOf(i);
      const draws = this.#fewest;
      const isRare = -Math.log(moments.silent) * draws < SURE;
      const high = highestMean(moments, { draws, isRare });
      if (high <= 0 || high < this.#border) continue;
      // What may be silent in a group holds no place on its list; of all others, noise lifts the last.
      this.#holders.push(isRare ? 0 : moments.mean);
      if (high < this.#floor) {
        this.#dropped = Math.max(this.#dropped, high);
        continue;
      }
      const column = this.#free.pop() ?? new Float32Array(questions);
      column.set(values.subarray(i * questions, (i + 1) * questions));
      this.#kept.push({ feature: first + i, high, column });
      if (this.#kept.length >= 2 * this.#most) this.#prune();
    }
    this.#raiseBorder();
  }

  /**
   * The features, ascending, and their activations `[features, questions]`; none if there are too many.
   */
  finish(): { features: number[]; activations: Float32Array<ArrayBuffer>; isTooMany: boolean } {
    this.#prune();
    this.#free.length = 0; // no more come
    const isTooMany = Number.isFinite(this.#dropped) && this.#dropped >= this.#border;
    if (isTooMany) this.#kept = [];
    const kept = this.#kept.sort((a, b) => a.feature - b.feature);
    const questions = kept[0]?.column.length ?? 0;
    const activations = new Float32Array(kept.length * questions);
    kept.forEach(({ column }, i) => activations.set(column, i * questions));
    return { features: kept.map(({ feature }) => feature), activations, isTooMany };
  }

  #raiseBorder(): void {
    this.#holders = this.#holders.sort((a, b) => b - a).slice(0, this.#length);
    if (this.#holders.length === this.#length) this.#border = this.#holders.at(-1)!;
  }

  /**
   * Drops those that cannot come up to as many others as a list has, and those that there is no room for. It
   * changes nothing of the end how often that is done.
   */
  #prune(): void {
    this.#raiseBorder();
    const all = this.#kept;
    this.#kept = all.filter(({ high }) => high >= this.#border);
    if (this.#kept.length >= this.#most) {
      this.#kept.sort((a, b) => b.high - a.high || a.feature - b.feature);
      const next = this.#kept[this.#most];
      if (next !== undefined) this.#dropped = Math.max(this.#dropped, next.high);
      this.#kept.length = this.#most;
      this.#floor = this.#kept.at(-1)?.high ?? Infinity;
    } else this.#floor = -Infinity;
    const kept = new Set(this.#kept);
    for (const each of all) if (!kept.has(each)) this.#free.push(each.column);
  }
}
