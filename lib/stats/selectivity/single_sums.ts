/**
 * The rank sums of every group, and the AUROCs' variances, where each person has one question: by one step
 * a question, whatever the number of groups.
 *
 * @module
 */
import { obuchowski } from "../clustered_variance.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import { wholeDeviation } from "./whole_deviation.ts";

/** Sums the ranks of one column after the other; all numbers are whole. */
export class SingleSums {
  /** Twice the Mann-Whitney U of each group. */
  readonly uDoubled: Float64Array<ArrayBuffer>;
  /** Whether all activations are equal. */
  isConstant = false;

  readonly #design: SelectivityDesign;
  /** How many questions of each group have been passed. */
  readonly #passed: Int32Array<ArrayBuffer>;
  /** How many questions of others have been counted as passed, for each group. */
  readonly #others: Int32Array<ArrayBuffer>;
  /** How many questions of a tie are of each group. */
  readonly #tied: Int32Array<ArrayBuffer>;
  /** Of each group's questions: the sum of (twice how many others are below)². */
  readonly #squaresIn: Float64Array<ArrayBuffer>;
  /** Of the others: the sum of (twice how many of the group are above)². */
  readonly #squaresOut: Float64Array<ArrayBuffer>;

  /** Makes room for columns of a design. */
  constructor(design: SelectivityDesign) {
    const { groupCount } = design;
    this.#design = design;
    this.uDoubled = new Float64Array(groupCount);
    this.#passed = new Int32Array(groupCount);
    this.#others = new Int32Array(groupCount);
    this.#tied = new Int32Array(groupCount);
    this.#squaresIn = new Float64Array(groupCount);
    this.#squaresOut = new Float64Array(groupCount);
  }

  /** Sums the ranks of a column. */
  sum({ questions, keys, negativeCount, nonzeroCount, zeroCount }: ColumnRanks): void {
    const { groupCount, groupSizes, groupOf } = this.#design;
    const tied = this.#tied.fill(0);
    this.#passed.fill(0);
    this.#others.fill(0);
    for (const sums of [this.uDoubled, this.#squaresIn, this.#squaresOut]) sums.fill(0);
    this.#walk(questions, keys, 0, negativeCount, 0);
    if (zeroCount > 0) {
      tied.set(groupSizes);
      for (let i = 0; i < nonzeroCount; i++) tied[groupOf[questions[i]!]!]!--;
      for (let group = 0; group < groupCount; group++) {
        this.#pass(group, tied[group]!, negativeCount, zeroCount);
      }
    }
    this.#walk(questions, keys, negativeCount, nonzeroCount, negativeCount + zeroCount);
    this.isConstant = zeroCount === 0 ? keys[0] === keys[nonzeroCount - 1] : nonzeroCount === 0;
  }

  /** Goes through sorted questions, tie by tie; so many are below. */
  #walk(
    questions: Int32Array,
    keys: Int32Array,
    first: number,
    last: number,
    below: number,
  ): void {
    const { groupCount, groupOf, groupSizes } = this.#design;
    const { uDoubled } = this;
    const [passed, others] = [this.#passed, this.#others];
    const [squaresIn, squaresOut] = [this.#squaresIn, this.#squaresOut];
    const tied = this.#tied;
    for (let start = first; start < last;) {
      const key = keys[start]!;
      let end = start + 1;
      if (end === last || keys[end] !== key) {
        const group = groupOf[questions[start]!]!;
        const own = passed[group]!;
        const before = below - own;
        const above = 2 * (groupSizes[group]! - own);
        uDoubled[group]! += 2 * before;
        squaresIn[group]! += 4 * before * before;
        squaresOut[group]! += (before - others[group]!) * above * above;
        others[group] = before;
        passed[group] = own + 1;
        below++;
        start = end;
        continue;
      }
      while (end < last && keys[end] === key) end++;
      tied.fill(0);
      for (let i = start; i < end; i++) tied[groupOf[questions[i]!]!]!++;
      for (let group = 0; group < groupCount; group++) {
        this.#pass(group, tied[group]!, below, end - start);
      }
      below += end - start;
      start = end;
    }
  }

  /** Passes those of a group who are in a tie of so many, with so many below. */
  #pass(group: number, tied: number, below: number, count: number): void {
    if (tied === 0) return; // the others are counted with the next of the group
    const own = this.#passed[group]!;
    const size = this.#design.groupSizes[group]!;
    const before = below - own;
    const here = count - tied;
    const under = 2 * before + here; // those of the tie count half
    const [above, aboveTied] = [2 * (size - own), 2 * (size - own) - tied];
    this.uDoubled[group]! += tied * under;
    this.#squaresIn[group]! += tied * under * under;
    this.#squaresOut[group]! += (before - this.#others[group]!) * above * above +
      here * aboveTied * aboveTied;
    this.#others[group] = before + here;
    this.#passed[group] = own + tied;
  }

  /** The variance of a group's AUROC, which is DeLong's; both sides must have two questions. */
  variance(group: number): number {
    const { groupSizes, questionCount } = this.#design;
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    const u = this.uDoubled[group]!;
    const xx = nIn * wholeDeviation(nIn, this.#squaresIn[group]!, 1, u);
    const yy = nOut * wholeDeviation(nOut, this.#squaresOut[group]!, 1, u);
    return obuchowski({ xx, yy, both: nOut * nOut * xx + nIn * nIn * yy }, {
      nIn,
      nOut,
      i10: nIn,
      i01: nOut,
      persons: questionCount,
    });
  }
}
