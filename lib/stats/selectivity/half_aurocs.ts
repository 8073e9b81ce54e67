/**
 * The AUROCs of a feature on the questions of some persons alone, from ranks that are there already.
 *
 * @module
 */
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import { copyFirst } from "./wholes.ts";
import { type HalfWalk, plainHalfWalk, wasmHalfWalk } from "./half_walk.ts";

/** Finds the AUROCs of one column after the other, on some of its questions. */
export class HalfAurocs {
  /** The AUROC of each group; NaN where a side is empty. */
  readonly values: Float64Array<ArrayBuffer>;
  /** The group of each question that is counted; of any other, as many as there are groups more. */
  readonly #groupOf: Int32Array<ArrayBuffer>;
  readonly #walk: HalfWalk;
  readonly #sizes: Int32Array<ArrayBuffer>;
  readonly #nonzeros: Int32Array<ArrayBuffer>;
  #total = 0;

  /**
   * Makes room for columns of a design.
   *
   * @param isCounted Whether each question is one of those: 1 or 0.
   * @param isPlain Whether to do without WebAssembly, which changes no number.
   */
  constructor(
    { groupOf, groupCount }: SelectivityDesign,
    isCounted: ArrayLike<number>,
    isPlain = false,
  ) {
    this.#groupOf = groupOf.map((group, question) =>
      isCounted[question] === 1 ? group : groupCount + group
    );
    const questions = { groupOf: this.#groupOf, groupCount };
    this.#walk = (isPlain ? undefined : wasmHalfWalk(questions)) ?? plainHalfWalk(questions);
    this.values = new Float64Array(groupCount);
    this.#nonzeros = new Int32Array(2 * groupCount);
    this.#sizes = new Int32Array(groupCount);
    groupOf.forEach((group, question) => this.#sizes[group]! += isCounted[question]!);
    this.#total = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Finds those of a column. */
  find(ranks: ColumnRanks): void {
    const { nonzeroCount, negativeCount, zeroCount, questions, hasTies } = ranks;
    const nonzeros = this.#nonzeros.fill(0);
    const sizes = this.#sizes;
    const walk = this.#walk;
    copyFirst(questions, walk.questions, nonzeroCount);
    if (hasTies) copyFirst(ranks.keys, walk.keys, nonzeroCount);
    walk.groupRanks.fill(0);
    if (zeroCount === 0) nonzeros.set(sizes);
    else for (let i = 0; i < nonzeroCount; i++) nonzeros[this.#groupOf[questions[i]!]!]!++;
    let zeros = this.#total;
    for (let group = 0; group < sizes.length; group++) zeros -= nonzeros[group]!;
    const below = walk.walk(0, negativeCount, 0, hasTies);
    walk.walk(negativeCount, nonzeroCount, below + zeros, hasTies);
    for (let group = 0; group < sizes.length; group++) {
      const rest = sizes[group]! - nonzeros[group]!;
      this.#write(group, walk.groupRanks[group]! + rest * (2 * below + zeros + 1));
    }
  }

  /** Takes those of a column whose ranks have been summed: for each group, twice the sum among the counted. */
  take(rankSum: (group: number) => number): void {
    for (let group = 0; group < this.values.length; group++) this.#write(group, rankSum(group));
  }

  #write(group: number, rankSum: number): void {
    const n = this.#sizes[group]!;
    const pairs = n * (this.#total - n);
    this.values[group] = pairs === 0 ? NaN : (rankSum - n * (n + 1)) / (2 * pairs);
  }
}
