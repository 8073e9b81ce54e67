/**
 * The AUROCs of a feature on the questions of some persons alone, from ranks that are there already.
 *
 * @module
 */
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";

/** Finds the AUROCs of one column after the other, on some of its questions. */
export class HalfAurocs {
  /** The AUROC of each group; ½ where a side is empty. */
  readonly values: Float64Array<ArrayBuffer>;
  /** The group of each question that is counted; of any other, one past the last. */
  readonly #groupOf: Uint32Array<ArrayBuffer>;
  readonly #isCounted: Uint8Array<ArrayBuffer>;
  readonly #sizes: Int32Array<ArrayBuffer>;
  readonly #nonzeros: Int32Array<ArrayBuffer>;
  readonly #sums: Float64Array<ArrayBuffer>;
  #total = 0;

  /**
   * Makes room for columns of a design.
   *
   * @param isCounted Whether each question is one of those: 1 or 0.
   */
  constructor({ groupOf, groupCount }: SelectivityDesign, isCounted: ArrayLike<number>) {
    this.#isCounted = Uint8Array.from(isCounted);
    this.#groupOf = Uint32Array.from(
      groupOf,
      (group, question) => isCounted[question] === 1 ? group : groupCount,
    );
    this.values = new Float64Array(groupCount);
    this.#sums = new Float64Array(groupCount + 1);
    this.#nonzeros = new Int32Array(groupCount + 1);
    this.#sizes = new Int32Array(groupCount);
    groupOf.forEach((group, question) => this.#sizes[group]! += isCounted[question]!);
    this.#total = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Finds those of a column. */
  find({ nonzeroCount, negativeCount, zeroCount, questions, keys }: ColumnRanks): void {
    const sums = this.#sums.fill(0);
    const nonzeros = this.#nonzeros.fill(0);
    const sizes = this.#sizes;
    if (zeroCount === 0) nonzeros.set(sizes);
    else for (let i = 0; i < nonzeroCount; i++) nonzeros[this.#groupOf[questions[i]!]!]!++;
    let zeros = this.#total;
    for (let group = 0; group < sizes.length; group++) zeros -= nonzeros[group]!;
    const below = this.#walk(questions, keys, 0, negativeCount, 0);
    this.#walk(questions, keys, negativeCount, nonzeroCount, below + zeros);
    for (let group = 0; group < sizes.length; group++) {
      const n = sizes[group]!;
      const pairs = n * (this.#total - n);
      const rankSum = sums[group]! + (n - nonzeros[group]!) * (2 * below + zeros + 1);
      this.values[group] = pairs === 0 ? 0.5 : (rankSum - n * (n + 1)) / (2 * pairs);
    }
  }

  /** Adds up doubled midranks; `passed` are below. Returns how many have been passed then. */
  #walk(
    questions: Int32Array,
    keys: Int32Array,
    first: number,
    last: number,
    passed: number,
  ): number {
    const isCounted = this.#isCounted;
    const groupOf = this.#groupOf;
    const sums = this.#sums;
    for (let start = first; start < last;) {
      const question = questions[start]!;
      const key = keys[start++]!;
      if (start === last || keys[start] !== key) {
        sums[groupOf[question]!]! += 2 * passed + 2;
        passed += isCounted[question]!;
        continue;
      }
      let end = start;
      let tied = isCounted[question]!;
      while (end < last && keys[end] === key) tied += isCounted[questions[end++]!]!;
      const rank = 2 * passed + tied + 1;
      for (let i = start - 1; i < end; i++) sums[groupOf[questions[i]!]!]! += rank;
      passed += tied;
      start = end;
    }
    return passed;
  }
}
