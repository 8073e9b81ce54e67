import assert from "node:assert/strict";
import { LevelSets, type ScoreLevels } from "../../lib/stats/level_sets.ts";
import { assertClose } from "../support/statistics_fixtures.ts";

/** Ranks of which some are tied: twice the midranks of ties of these sizes, in order. */
function levelsOfTies(ties: readonly number[]): ScoreLevels {
  let below = 0;
  const values = Float64Array.from(ties, (tied) => {
    below += tied;
    return 2 * below - tied + 1;
  });
  return { values, counts: Float64Array.from(ties) };
}

const ties = Array.from({ length: 3000 }, (_, i) => i === 700 ? 5 : i % 1024 === 3 ? 2 : 1);

Deno.test("few levels stand for many, and give the same sums at each tilt", () => {
  const levels = levelsOfTies(ties);
  const sets = new LevelSets(levels);
  const range = levels.values.at(-1)! - levels.values[0]!;
  for (const tilt of [0, 0.5, -3, 8, 20, -60, 500]) {
    const few = sets.for(tilt);
    assert(few.values.length < (Math.abs(tilt) < 10 ? 400 : 3001), `${few.values.length}`);
    // What drawing sums: ln of the mean weight, and the chance to be drawn.
    for (
      const f of [
        (e: number) => Math.log1p(Math.exp(e) / 5),
        (e: number) => 1 / (1 + 5 / Math.exp(e)),
      ]
    ) {
      const sum = ({ values, counts }: ScoreLevels) =>
        values.reduce((all, v, i) => all + counts[i]! * f(tilt * (v / range - 0.6)), 0);
      assertClose(sum(few), sum(levels), { relative: 1e-13 }, `${tilt}`);
    }
  }
});

Deno.test("levels that are not equally spaced, or few, stay as they are", () => {
  for (const levels of [levelsOfTies([1, 2, 3]), levelsOfTies(ties.map((_, i) => 1 + i % 2))]) {
    assert.equal(new LevelSets(levels).for(1), levels);
  }
});
