/**
 * Goes through sorted questions and sums their ranks: the part of the rank sums that takes longest.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import { roomForWholes, type Wholes } from "./wholes.ts";

/** How many groups' counts are added to at a time: the numbers of a vector. */
export const LANES = 4;

/** Goes through sorted questions, and where it writes. */
export interface RankWalk {
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
  /** For each group, twice the sum of its questions' midranks. */
  readonly groupRanks: Float64Array<ArrayBuffer>;
  /** Adds up sorted questions from the first to before the last; those before are passed. */
  walk(first: number, last: number): void;
}

/** How many numbers of each person's are in a row. */
export function strideOf({ groupCount }: Pick<SelectivityDesign, "groupCount">): number {
  return LANES * Math.ceil(groupCount / LANES);
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
  const groupRanks = new Float64Array(groupCount);

  function walk(first: number, last: number): void {
    let rank = 2;
    for (let group = 0; group < groupCount; group++) rank += passed[group]!;
    for (let start = first; start < last;) {
      const key = keys[start]!;
      let end = start + 1;
      while (end < last && keys[end] === key) end++;
      // Those of a tie count half: they are passed in two turns.
      for (let i = start; i < end; i++) passed[groupOf[questions[i]!]!]! += 1;
      const tied = rank + end - start - 1;
      for (let i = start; i < end; i++) {
        const question = questions[i]!;
        const group = groupOf[question]!;
        const cell = cellOf[question]!;
        cellRanks[cell]! += tied;
        groupRanks[group]! += tied;
        own[cell]! += passed[group]!;
        const row = stride * personOf[question]!;
        for (let other = 0; other < groupCount; other++) below[row + other]! += passed[other]!;
      }
      for (let i = start; i < end; i++) passed[groupOf[questions[i]!]!]! += 1;
      rank += 2 * (end - start);
      start = end;
    }
  }

  return { questions, keys, cellRanks, own, below, stride, passed, groupRanks, walk };
}
