/**
 * The mean of a feature over all questions, and how far it varies, from what was measured in a group and
 * outside of it: the activations need not be passed again.
 *
 * @module
 */
import type { Selectivity } from "../../stats/selectivity/selectivity.ts";

/** What is needed of the measures. */
export type GroupMoments = Pick<Selectivity, "mean_in" | "mean_out" | "sd_in" | "sd_out">;

/**
 * The mean and the standard deviation over all questions (n − 1; 0 of one).
 *
 * @param measures Those of a group.
 * @param cell Which of them.
 * @param sizes How many questions are in the group, and how many are not.
 */
export function wholeMoments(
  measures: GroupMoments,
  cell: number,
  { nIn, nOut }: { nIn: number; nOut: number },
): { mean: number; deviation: number } {
  const n = nIn + nOut;
  const meanIn = nIn > 0 ? measures.mean_in[cell]! : 0;
  const meanOut = nOut > 0 ? measures.mean_out[cell]! : 0;
  const squaresIn = nIn > 1 ? (nIn - 1) * measures.sd_in[cell]! ** 2 : 0;
  const squaresOut = nOut > 1 ? (nOut - 1) * measures.sd_out[cell]! ** 2 : 0;
  const between = nIn * nOut / n * (meanIn - meanOut) ** 2;
  return {
    mean: (nIn * meanIn + nOut * meanOut) / n,
    deviation: n < 2 ? 0 : Math.sqrt((squaresIn + squaresOut + between) / (n - 1)),
  };
}
