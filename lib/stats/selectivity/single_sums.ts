/**
 * The rank sums of every group, and the AUROCs' variances, where each person has one question: by one step
 * a question, whatever the number of groups.
 *
 * @module
 */
import { obuchowski } from "../clustered_variance.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import { plainSingleWalk, type SingleWalk } from "./single_walk.ts";
import { wasmSingleWalk } from "./single_walk_wasm.ts";
import { copyFirst } from "./wholes.ts";
import { wholeDeviation } from "./whole_deviation.ts";

/** Sums the ranks of one column after the other; all numbers are whole. */
export class SingleSums {
  /** Twice the Mann-Whitney U of each group. */
  readonly uDoubled: Float64Array<ArrayBuffer>;
  /** Whether all activations are equal. */
  isConstant = false;

  /** How many questions have an activation that another one has. */
  tiedCount = 0;

  readonly #design: SelectivityDesign;
  readonly #walk: SingleWalk;
  /** How many questions of a tie are of each group. */
  readonly #tied: Int32Array<ArrayBuffer>;

  /**
   * Makes room for columns of a design.
   *
   * @param isPlain Whether to do without WebAssembly, which changes no number.
   */
  constructor(design: SelectivityDesign, isPlain = false) {
    this.#design = design;
    this.#walk = (isPlain ? undefined : wasmSingleWalk(design)) ?? plainSingleWalk(design);
    this.uDoubled = this.#walk.uDoubled;
    this.#tied = new Int32Array(design.groupCount);
  }

  /** Sums the ranks of a column. */
  sum({ questions, keys, negativeCount, nonzeroCount, zeroCount }: ColumnRanks): void {
    const { groupSizes, groupOf } = this.#design;
    const { passed, others, uDoubled, squaresIn, squaresOut } = this.#walk;
    for (const sums of [passed, others, uDoubled, squaresIn, squaresOut]) sums.fill(0);
    copyFirst(questions, this.#walk.questions, nonzeroCount);
    copyFirst(keys, this.#walk.keys, nonzeroCount);
    this.tiedCount = 0;
    this.#pass(0, negativeCount, 0);
    if (zeroCount > 0) {
      const tied = this.#tied;
      tied.set(groupSizes);
      for (let i = 0; i < nonzeroCount; i++) tied[groupOf[questions[i]!]!]!--;
      this.#passTie(negativeCount, zeroCount);
    }
    this.#pass(negativeCount, nonzeroCount, negativeCount + zeroCount);
    this.isConstant = zeroCount === 0 ? keys[0] === keys[nonzeroCount - 1] : nonzeroCount === 0;
  }

  /** Passes sorted questions, with so many below. */
  #pass(first: number, last: number, below: number): void {
    const { groupOf } = this.#design;
    const { questions, keys } = this.#walk;
    for (let start = first; start < last;) {
      const end = this.#walk.walk(start, last, below);
      below += end - start;
      start = end;
      if (start === last) return;
      const tied = this.#tied.fill(0);
      const key = keys[start]!;
      for (; start < last && keys[start] === key; start++) tied[groupOf[questions[start]!]!]!++;
      this.#passTie(below, start - end);
      below += start - end;
    }
  }

  /** Passes a tie of so many, of which it is known how many are of each group, with so many below. */
  #passTie(below: number, count: number): void {
    if (count > 1) this.tiedCount += count;
    this.#tied.forEach((tied, group) => this.#passOf(group, tied, below, count));
  }

  /** Passes those of a group who are in a tie of so many, with so many below. */
  #passOf(group: number, tied: number, below: number, count: number): void {
    if (tied === 0) return; // the others are counted with the next of the group
    const { passed, others, uDoubled, squaresIn, squaresOut } = this.#walk;
    const own = passed[group]!;
    const size = this.#design.groupSizes[group]!;
    const before = below - own;
    const here = count - tied;
    const under = 2 * before + here; // those of the tie count half
    const [above, aboveTied] = [2 * (size - own), 2 * (size - own) - tied];
    uDoubled[group]! += tied * under;
    squaresIn[group]! += tied * under * under;
    squaresOut[group]! += (before - others[group]!) * above * above +
      here * aboveTied * aboveTied;
    others[group] = before + here;
    passed[group] = own + tied;
  }

  /** The variance of a group's AUROC, which is DeLong's; both sides must have two questions. */
  variance(group: number): number {
    const { groupSizes, questionCount } = this.#design;
    const nIn = groupSizes[group]!;
    const nOut = questionCount - nIn;
    const u = this.uDoubled[group]!;
    const xx = nIn * wholeDeviation(nIn, this.#walk.squaresIn[group]!, 1, u);
    const yy = nOut * wholeDeviation(nOut, this.#walk.squaresOut[group]!, 1, u);
    return obuchowski({ xx, yy, both: nOut * nOut * xx + nIn * nIn * yy }, {
      nIn,
      nOut,
      i10: nIn,
      i01: nOut,
      persons: questionCount,
    });
  }
}
