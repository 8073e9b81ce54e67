/**
 * Sums the ranks of columns of which few activations are equal, but for those at 0, as most dense ones are: all
 * numbers are short enough for eight in a vector, if questions are not too many.
 *
 * @module
 */
import { moduleOf } from "../../wasm/assembler.ts";
import type { ColumnRanks } from "./column_ranks.ts";
import type { SelectivityDesign } from "./design.ts";
import { distinctLayout, SHORTS, writeKnown } from "./distinct_layout.ts";
import { distinctSumsCode } from "./distinct_sums_code.ts";
import { DistinctTies } from "./distinct_ties.ts";
import { DistinctZeros } from "./distinct_zeros.ts";
import { distinctClearCode, distinctCountCode, distinctWalkCode } from "./distinct_walk_code.ts";
import type { WalkProducts } from "./rank_walk.ts";

/** Of fewer questions, ranks are summed before the code for it is made. */
const LEAST_QUESTIONS = 300;
/** The largest whole number of 16 bits, with a sign. */
const LARGEST_SHORT = 2 ** 15 - 1;
/** What is known of a question has 16 bits: 4 of them are left for other things than the person. */
const MOST_PERSONS = 2 ** 12;

/** Goes through the sorted questions of one column after the other. */
export interface DistinctWalk {
  /** Questions whose activation is not 0, by ascending activation. */
  readonly questions: Int32Array<ArrayBuffer>;
  /** For each cell, twice its question's rank. */
  readonly cellRanks: Int32Array<ArrayBuffer>;
  /** Twice the sum of the ranks of a group's questions. */
  rankSum(group: number): number;
  /** Twice the sum of the ranks of a group's choosing questions among all that choose. */
  choosingRankSum(group: number): number;
  /** See `RankWalk.products`. */
  products(group: number): WalkProducts;
  /**
   * Goes through all questions; what the other functions say is of these.
   *
   * @param ranks How many activations are not 0, how many of these are below; the places of the sorted questions
   * whose activation is that of the one before, ascending.
   */
  walk(ranks: DistinctRanks): void;
}

/** What the walk has to know of a column. */
export interface DistinctRanks extends Pick<ColumnRanks, "nonzeroCount" | "negativeCount"> {
  /** The places of the sorted questions whose activation is that of the one before, ascending. */
  readonly ties: ArrayLike<number>;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  clear(): void;
  count(end: number): void;
  walk(first: number, end: number, rank: number): void;
  sum(zeroRank: number, zeroChoosing: number): void;
}

/**
 * The walk for a design; undefined where persons have not all one question in each group, or there are few questions, or
 * very many of them, or many groups, or vectors are not known.
 *
 * @param isChoosing Whether each question is one of those that choose: 1 or 0.
 */
export function distinctWalk(
  design: SelectivityDesign,
  isChoosing: ArrayLike<number>,
): DistinctWalk | undefined {
  const { questionCount, groupCount, personCount, isBalanced, isOnce } = design;
  // Twice a rank, and twice how many of a group have been passed at all questions of a person, are at most that.
  const isLong = questionCount >= LEAST_QUESTIONS;
  const isShort = 2 * questionCount <= LARGEST_SHORT && personCount <= MOST_PERSONS;
  const isGrid = isBalanced && isOnce && groupCount > 1 && groupCount <= SHORTS;
  if (!isLong || !isShort || !isGrid) return undefined;
  const layout = distinctLayout(design);
  const bytes = moduleOf({
    clear: distinctClearCode(layout, design),
    count: distinctCountCode(layout),
    walk: distinctWalkCode(layout),
    sum: distinctSumsCode(layout, design),
  }, layout.bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { memory, ...code } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as Exports;
  const buffer = memory.buffer as ArrayBuffer;
  writeKnown(buffer, layout, { design, isChoosing });
  const wholes = (at: number, length: number) => new Int32Array(buffer, at, length);
  const questions = wholes(layout.questions, questionCount);
  const ties = new DistinctTies(buffer, layout, design);
  const zeros = new DistinctZeros(buffer, layout, { design, isChoosing });
  const [ranks, choosing] = [layout.rankSums, layout.choosingSums]
    .map((at) => wholes(at, 4 * groupCount));
  const sumOf = (sums: Int32Array, group: number) =>
    sums[4 * group]! + sums[4 * group + 1]! + sums[4 * group + 2]! + sums[4 * group + 3]!;
  const products = new Float64Array(buffer, layout.products, 6 * groupCount);
  return {
    questions,
    cellRanks: wholes(layout.cellRanks, questionCount),
    rankSum: (group) => sumOf(ranks!, group),
    choosingRankSum: (group) => sumOf(choosing!, group),
    products(group) {
      const at = 6 * group;
      return {
        xx: products[at]! + products[at + 1]!,
        xy: products[at + 2]! + products[at + 3]!,
        yy: products[at + 4]! + products[at + 5]!,
      };
    },
    walk({ nonzeroCount, negativeCount, ties: tied }) {
      code.clear();
      const zeroCount = questionCount - nonzeroCount;
      if (zeroCount > 0) code.count(4 * nonzeroCount);
      let [first, tie] = [0, 0];
      /** Passes the sorted questions up to before a place; so many at 0 are passed. */
      const pass = (last: number, passed: number) => {
        for (; tied[tie]! < last;) {
          const start = tied[tie]! - 1;
          let end = start + 1;
          for (; tied[tie] === end; tie++) end++;
          code.walk(4 * first, 4 * start, 2 * (first + passed + 1));
          ties.pass(questions, start, end, start + end + 2 * passed + 1);
          first = end;
        }
        code.walk(4 * first, 4 * last, 2 * (first + passed + 1));
        first = last;
      };
      let choosingRank = 0;
      if (zeroCount > 0) {
        pass(negativeCount, 0);
        choosingRank = zeros.pass();
      }
      pass(nonzeroCount, zeroCount);
      code.sum(2 * negativeCount + zeroCount + 1, choosingRank);
    },
  };
}
