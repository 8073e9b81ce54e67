import assert from "node:assert/strict";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";
import { selectivityDesign } from "../../../lib/stats/selectivity/design.ts";
import { SingleSums } from "../../../lib/stats/selectivity/single_sums.ts";

Deno.test("a group that is told apart without fault has no variance, however many questions there are", () => {
  // Sums of squares are then beyond what a float holds exactly.
  const count = 30_000;
  const groups = Array.from({ length: count }, (_, i) => Number(i % 3 === 0));
  const column = Float32Array.from(groups, (group, i) => group === 1 ? -1 - i : 1 + i);
  const ranks = new ColumnRanks(count);
  ranks.rank(column);
  const sums = new SingleSums(selectivityDesign(groups));
  sums.sum(ranks);
  assert.equal(sums.uDoubled[0], 2 * 10_000 * 20_000);
  assert.equal(sums.uDoubled[1], 0);
  assert.equal(sums.variance(0), 0);
  assert.equal(sums.variance(1), 0);
});

Deno.test("the sums are the same in WebAssembly and without, whatever ties there are", () => {
  const random = new SeededRandom(21);
  const groups = Array.from({ length: 211 }, () => random.below(5));
  const design = selectivityDesign(groups);
  const [one, other] = [new SingleSums(design), new SingleSums(design, true)];
  const ranks = new ColumnRanks(groups.length);
  for (const levels of [1, 3, 200, 1e9]) {
    const column = Float32Array.from(groups, (group) => random.below(levels) + group - levels / 2);
    ranks.rank(column);
    for (const sums of [one, other]) sums.sum(ranks);
    assert.deepEqual(one.uDoubled, other.uDoubled);
    assert.equal(one.tiedCount, other.tiedCount);
    assert.equal(
      one.tiedCount,
      column.filter((value, i) => column.some((each, j) => each === value && i !== j)).length,
    );
    for (const group of design.groupSizes.keys()) {
      assert.equal(one.variance(group), other.variance(group));
    }
  }
});
