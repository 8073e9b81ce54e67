/**
 * The largest and the smallest sum that can be drawn.
 *
 * @module
 */
import type { ScoreLevels } from "./level_sets.ts";

/** A sum at the edge of what can be drawn. */
export interface DrawnEdge {
  /** The sum. */
  readonly sum: number;
  /** ln of the probability to draw it. */
  readonly ln: number;
}

/** The largest or smallest sum of so many scores. */
export function drawnEdge(
  { values, counts }: ScoreLevels,
  { drawn, isHigh }: { drawn: number; isHigh: boolean },
): DrawnEdge {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let left = drawn;
  let sum = 0;
  for (let i = isHigh ? values.length - 1 : 0;; i += isHigh ? -1 : 1) {
    const taken = Math.min(left, counts[i]!);
    sum += taken * values[i]!;
    left -= taken;
    if (left > 0) continue;
    return { sum, ln: lnChoose(counts[i]!, taken) - lnChoose(total, drawn) };
  }
}

const lnFactorials = [0];

/** ln of the number of ways to choose k of n. */
function lnChoose(n: number, k: number): number {
  for (let i = lnFactorials.length; i <= n; i++) {
    lnFactorials.push(lnFactorials[i - 1]! + Math.log(i));
  }
  return lnFactorials[n]! - lnFactorials[k]! - lnFactorials[n - k]!;
}
