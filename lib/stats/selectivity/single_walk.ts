/**
 * Goes through sorted questions of persons who have one each, and sums what DeLong's variances are made of.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";

/** Sums of the groups; all numbers are whole. */
export interface SingleCounts {
  /** How many questions of each group have been passed. */
  readonly passed: Float64Array<ArrayBuffer>;
  /** How many questions of others have been counted as passed, for each group. */
  readonly others: Float64Array<ArrayBuffer>;
  /** Twice the Mann-Whitney U of each group. */
  readonly uDoubled: Float64Array<ArrayBuffer>;
  /** Of each group's questions: the sum of (twice how many others are below)². */
  readonly squaresIn: Float64Array<ArrayBuffer>;
  /** Of the others: the sum of (twice how many of the group are above)². */
  readonly squaresOut: Float64Array<ArrayBuffer>;
}

/** Goes through sorted questions, and where it writes. */
export interface SingleWalk extends SingleCounts {
  /** Questions, by ascending activation. */
  readonly questions: Int32Array<ArrayBuffer>;
  /** The keys of these, which are equal where activations are. */
  readonly keys: Int32Array<ArrayBuffer>;
  /**
   * Passes sorted questions from the first to before the last, or before the first tie: returns where it
   * stops. So many are below the first.
   */
  walk(first: number, last: number, below: number): number;
}

/** The walk in TypeScript: for tests, and where the code of the other is not known. */
export function plainSingleWalk(
  { questionCount, groupCount, groupOf, groupSizes }: SelectivityDesign,
): SingleWalk {
  const perGroup = () => new Float64Array(groupCount);
  const [passed, others, uDoubled, squaresIn, squaresOut] = [
    perGroup(),
    perGroup(),
    perGroup(),
    perGroup(),
    perGroup(),
  ];
  const [questions, keys] = [new Int32Array(questionCount), new Int32Array(questionCount)];
  return {
    passed,
    others,
    uDoubled,
    squaresIn,
    squaresOut,
    questions,
    keys,
    walk(first, last, below) {
      for (let i = first; i < last; i++, below++) {
        if (i + 1 < last && keys[i] === keys[i + 1]) return i;
        const group = groupOf[questions[i]!]!;
        const own = passed[group]!;
        const before = below - own;
        const above = 2 * (groupSizes[group]! - own);
        uDoubled[group]! += 2 * before;
        squaresIn[group]! += 4 * before * before;
        squaresOut[group]! += (before - others[group]!) * above * above;
        others[group] = before;
        passed[group] = own + 1;
      }
      return last;
    },
  };
}
