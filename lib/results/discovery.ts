/**
 * What is called a discovery.
 *
 * @module
 */

/** A test is a discovery if its q is at most this, and its interval does not hold ½. */
export const DISCOVERY_Q = 0.05;
const LOG10_Q = Math.log10(DISCOVERY_Q);

/** Whether a group and a feature are a discovery. */
export function isDiscovery(
  { measures, log10Q }: {
    readonly measures: Readonly<Record<"auroc_low" | "auroc_high", ArrayLike<number>>>;
    readonly log10Q: ArrayLike<number>;
  },
  cell: number,
): boolean {
  const isClear = measures.auroc_low[cell]! > 0.5 || measures.auroc_high[cell]! < 0.5;
  return log10Q[cell]! <= LOG10_Q && isClear;
}
