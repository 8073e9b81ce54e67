import assert from "node:assert/strict";
import { auroc } from "../../../lib/stats/auroc.ts";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";
import { selectivityDesign } from "../../../lib/stats/selectivity/design.ts";
import { HalfAurocs } from "../../../lib/stats/selectivity/half_aurocs.ts";

Deno.test("the AUROCs of some questions are those without the others, in WebAssembly and without", () => {
  const random = new SeededRandom(7);
  const groups = Array.from({ length: 301 }, () => random.below(4));
  const isCounted = groups.map(() => random.below(2));
  const some = <T>(values: Iterable<T>) => [...values].filter((_, i) => isCounted[i] === 1);
  const design = selectivityDesign(groups);
  const ranks = new ColumnRanks(groups.length);
  for (const levels of [1, 3, 40, 1e6]) {
    const column = Float32Array.from(groups, (group) => random.below(levels) + group - levels / 2);
    ranks.rank(column);
    for (const isPlain of [false, true]) {
      const half = new HalfAurocs(design, isCounted, isPlain);
      half.find(ranks);
      for (const group of [0, 1, 2, 3]) {
        const expected = auroc(some(column), some(groups.map((each) => each === group)));
        assert.equal(half.values[group], expected.auroc, `${levels} ${isPlain} ${group}`);
      }
    }
  }
});

Deno.test("a group without a question that is counted, or with all of them, has no AUROC", () => {
  const design = selectivityDesign([0, 0, 1, 1, 2, 2]);
  const ranks = new ColumnRanks(6);
  ranks.rank(Float32Array.of(1, 2, 3, 4, 5, 6));
  for (const isPlain of [false, true]) {
    const lacking = new HalfAurocs(design, [1, 0, 1, 1, 0, 0], isPlain);
    lacking.find(ranks);
    assert.deepEqual([...lacking.values], [0, 1, NaN]);
    const alone = new HalfAurocs(design, [0, 0, 1, 1, 0, 0], isPlain);
    alone.find(ranks);
    assert.deepEqual([...alone.values], [NaN, NaN, NaN]);
  }
});
