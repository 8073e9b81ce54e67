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
  readonly #groupOf: Int32Array<ArrayBuffer>;
  readonly #isCounted: ArrayLike<number>;
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
    this.#groupOf = groupOf;
    this.#isCounted = isCounted;
    this.values = new Float64Array(groupCount);
    this.#sums = new Float64Array(groupCount);
    this.#nonzeros = new Int32Array(groupCount);
    this.#sizes = new Int32Array(groupCount);
    groupOf.forEach((group, question) => this.#sizes[group]! += isCounted[question]!);
    this.#total = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Finds those of a column. */
  find({ nonzeroCount, negativeCount, questions, keys }: ColumnRanks): void {
    const isCounted = this.#isCounted;
    const sums = this.#sums.fill(0);
    const nonzeros = this.#nonzeros.fill(0);
    const sizes = this.#sizes;
    for (let i = 0; i < nonzeroCount; i++) {
      const question = questions[i]!;
      nonzeros[this.#groupOf[question]!]! += isCounted[question]!;
    }
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
    questions: Uint32Array,
    keys: Uint32Array,
    first: number,
    last: number,
    passed: number,
  ): number {
    const isCounted = this.#isCounted;
    const groupOf = this.#groupOf;
    const sums = this.#sums;
    for (let start = first; start < last;) {
      let end = start;
      let tied = 0;
      const key = keys[start]!;
      while (end < last && keys[end] === key) tied += isCounted[questions[end++]!]!;
      const rank = 2 * passed + tied + 1;
      for (; start < end; start++) {
        const question = questions[start]!;
        if (isCounted[question] === 1) sums[groupOf[question]!]! += rank;
      }
      passed += tied;
    }
    return passed;
  }
}
