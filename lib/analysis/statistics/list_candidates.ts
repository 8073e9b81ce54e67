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
/** Lists of more than these are not made: to leave some out would make lists seem more alike. */
const MOST = 1024;
/** The activations that stay take no more bytes than this; until some are dropped, twice as many. */
const MOST_BYTES = 64 * 2 ** 20;

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
  /** The mean that as many features as a list has come up to. */
  #border = -Infinity;
  #means: number[] = [];
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
   * questions there are, and how many the smallest group has.
   */
  constructor({ freeCount, length, questions, fewest }: {
    freeCount: number;
    length: number;
    questions: number;
    fewest: number;
  }) {
    this.#freeCount = freeCount;
    this.#length = length;
    this.#fewest = fewest;
    const room = Math.floor(MOST_BYTES / (4 * Math.max(1, questions)));
    this.#most = Math.max(length, Math.min(MOST, room));
  }

  /**
   * Looks at neighbouring features; the values stay the caller's.
   *
   * @param momentsOf The mean of each over all questions and its standard deviation, from 0.
   */
  see(
    { first, count, questions, values }: FeatureColumns,
    momentsOf: (i: number) => { mean: number; deviation: number },
  ): void {
    for (let i = 0; i < count && first + i < this.#freeCount; i++) {
      const { mean, deviation } = momentsOf(i);
      const reach = FAR * deviation / Math.sqrt(Math.max(1, this.#fewest));
      if (mean + reach <= 0 || mean + reach < this.#border) continue;
      this.#means.push(mean);
      const high = mean + reach;
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
    this.#means = this.#means.sort((a, b) => b - a).slice(0, this.#length);
    if (this.#means.length === this.#length) this.#border = this.#means.at(-1)!;
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
