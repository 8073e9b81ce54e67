/**
 * The tail of a sum of scores drawn from all, without putting one back.
 *
 * Skovgaard, Journal of Applied Probability 24 (1987): the double saddlepoint.
 *
 * @module
 */
import { DrawnLevels } from "./drawn_levels.ts";
import type { ScoreLevels } from "./level_sets.ts";
import type { StratifiedTail } from "./stratified_tail.ts";

/** The tail of a sum of scores, on the side on which it lies. */
export type DrawnTail = StratifiedTail;

/**
 * The tail of the sum of the scores that were drawn.
 *
 * @param scores All scores, whole numbers.
 * @param isDrawn Which of them were drawn: at least one, and not all.
 */
export function drawnTail(scores: ArrayLike<number>, isDrawn: ArrayLike<boolean>): DrawnTail {
  let [drawn, observed] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (!isDrawn[i]) continue;
    drawn++;
    observed += scores[i]!;
  }
  return new DrawnLevels(levelsOf(Float64Array.from(scores))).tail({ drawn, observed });
}

/** The different scores, which are sorted where they are. */
export function levelsOf(scores: Float64Array): ScoreLevels {
  scores.sort();
  const values: number[] = [];
  const counts: number[] = [];
  for (const score of scores) {
    if (values.at(-1) === score) counts[counts.length - 1]!++;
    else {
      values.push(score);
      counts.push(1);
    }
  }
  return { values: Float64Array.from(values), counts: Float64Array.from(counts) };
}
