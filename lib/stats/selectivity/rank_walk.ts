/**
 * Goes through sorted questions and sums their ranks: the part of the rank sums that takes longest.
 *
 * @module
 */
import { type ActiveCells, activeCells } from "./active_cells.ts";
import type { SelectivityDesign } from "./design.ts";
import { roomForWholes, type Wholes } from "./wholes.ts";

/** How many groups' counts are added to at a time: the numbers of a vector. */
export const LANES = 4;

/** Goes through sorted questions, and where it writes. */
export interface RankWalk extends ActiveCells {
  /** Questions, by ascending activation. */
  readonly questions: Int32Array<ArrayBuffer>;
  /** The keys of these, which are equal where activations are. */
  readonly keys: Int32Array<ArrayBuffer>;
  /** For each cell, twice the sum of its questions' midranks. */
  readonly cellRanks: Wholes;
  /** For each cell, of its questions: twice how many of the same group are below; a tie counts half. */
  readonly own: Wholes;
  /** The same for each person and each group, of all questions of the person: `[persons, stride]`. */
  readonly below: Wholes;
  /** How many numbers of these a person has: one a group, and some that stay 0. */
  readonly stride: number;
  /** Twice how many questions of each group have been passed. */
  readonly passed: Wholes;
  /**
   * Adds up sorted questions from the first to before the last; those before are passed.
   *
   * @param hasTies Whether activations can be equal; if not, keys are not read.
   */
  walk(first: number, last: number, hasTies: boolean): void;
  /** Twice the sum of the midranks of a group's questions: of the ranks of its cells. */
  rankSum(group: number): number;
  /**
   * Sums products over all persons, of whom no activation is 0: of x = ranks − count − own and
   * y = most − below + own.
   *
   * @param count How many questions a cell has.
   */
  products(group: number, count: number, most: number): WalkProducts;
}

/** Sums of products of whole numbers. */
export interface WalkProducts {
  /** Σx². */
  readonly xx: number;
  /** Σxy. */
  readonly xy: number;
  /** Σy². */
  readonly yy: number;
}

/** How many vectors hold a number of each group. */
export function vectorsOf({ groupCount }: Pick<SelectivityDesign, "groupCount">): number {
  return Math.ceil(groupCount / LANES);
}

/** How many numbers of each person's are in a row: a power of two, so that an address says whose and of which group. */
export function strideOf(design: Pick<SelectivityDesign, "groupCount">): number {
  return LANES * 2 ** Math.ceil(Math.log2(vectorsOf(design)));
}

/** The walk in TypeScript: for tests, where vectors are not known, and for sums beyond 32 bits. */
export function plainRankWalk(design: SelectivityDesign): RankWalk {
  const { questionCount, groupCount, counts, personCount, groupOf, cellOf, personOf } = design;
  const stride = strideOf(design);
  const questions = new Int32Array(questionCount);
  const keys = new Int32Array(questionCount);
  const cellRanks = roomForWholes(design, counts.length);
  const own = roomForWholes(design, counts.length);
  const below = roomForWholes(design, stride * personCount);
  const passed = roomForWholes(design, groupCount);

  const { clear, count, ...counted } = activeCells(design, questions);

  function walk(first: number, last: number, hasTies: boolean): void {
    let rank = 2;
    for (let group = 0; group < groupCount; group++) rank += passed[group]!;
    for (let start = first; start < last;) {
      const key = keys[start]!;
      let end = start + 1;
      while (hasTies && end < last && keys[end] === key) end++;
      // Those of a tie count half: they are passed in two turns.
      for (let i = start; i < end; i++) passed[groupOf[questions[i]!]!]! += 1;
      const tied = rank + end - start - 1;
      for (let i = start; i < end; i++) {
        const question = questions[i]!;
        const group = groupOf[question]!;
        const cell = cellOf[question]!;
        cellRanks[cell]! += tied;
        own[cell]! += passed[group]!;
        const row = stride * personOf[question]!;
        for (let other = 0; other < groupCount; other++) below[row + other]! += passed[other]!;
      }
      for (let i = start; i < end; i++) passed[groupOf[questions[i]!]!]! += 1;
      rank += 2 * (end - start);
      start = end;
    }
  }

  function rankSum(group: number): number {
    let sum = 0;
    for (let cell = group * personCount; cell < (group + 1) * personCount; cell++) {
      sum += cellRanks[cell]!;
    }
    return sum;
  }

  function products(group: number, count: number, most: number): WalkProducts {
    const row = group * personCount;
    let [xx, xy, yy] = [0, 0, 0];
    for (let person = 0; person < personCount; person++) {
      const same = own[row + person]!;
      const x = cellRanks[row + person]! - count - same;
      const y = most - below[stride * person + group]! + same;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
    return { xx, xy, yy };
  }

  return {
    questions,
    keys,
    cellRanks,
    own,
    below,
    stride,
    passed,
    ...counted,
    count,
    clear(many) {
      clear(many);
      passed.fill(0);
      for (let i = 0; i < many; i++) {
        const question = questions[i]!;
        cellRanks[cellOf[question]!] = 0;
        own[cellOf[question]!] = 0;
        const row = stride * personOf[question]!;
        below.fill(0, row, row + stride);
      }
    },
    walk,
    rankSum,
    products,
  };
}
