import assert from "node:assert/strict";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";
import {
  type SelectivityDesign,
  selectivityDesign,
} from "../../../lib/stats/selectivity/design.ts";
import { distinctWalk } from "../../../lib/stats/selectivity/distinct_walk.ts";
import { HalfAurocs } from "../../../lib/stats/selectivity/half_aurocs.ts";
import { RankSums } from "../../../lib/stats/selectivity/rank_sums.ts";

/** Every person is asked once about each group, in some order. */
function gridOf(groupCount: number, personCount: number, random: SeededRandom): SelectivityDesign {
  const cells = Array.from({ length: groupCount * personCount }, (_, i) => i);
  for (let i = cells.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [cells[i], cells[other]] = [cells[other]!, cells[i]!];
  }
  const groups = cells.map((cell) => cell % groupCount);
  return selectivityDesign(groups, { persons: cells.map((cell) => Math.floor(cell / groupCount)) });
}

Deno.test("ranks of columns without ties, or with few, are summed as those of all others", () => {
  const random = new SeededRandom(8);
  // Persons fill their last vector, and do not; all lanes are groups, and two are.
  for (
    const [groupCount, personCount] of [[6, 56], [3, 121], [8, 47], [2, 160], [5, 500]] as const
  ) {
    const design = gridOf(groupCount, personCount, random);
    const isChoosing = Array.from({ length: design.questionCount }, () => random.below(2));
    const [fast, plain] = [
      new RankSums(design, { isChoosing }),
      new RankSums(design, { isPlain: true }),
    ];
    const half = new HalfAurocs(design, isChoosing);
    const ranks = new ColumnRanks(design.questionCount);
    const assertAlike = (column: Float32Array, what: string) => {
      ranks.rank(column);
      for (const sums of [fast, plain]) sums.sum(ranks);
      const isMost = 8 * ranks.nonzeroCount >= column.length;
      assert.equal(fast.distinct !== undefined, isMost && ranks.ties !== undefined, what);
      // Those at 0 are left out by the plain one.
      const expected = Array.from(
        plain.cellRanks,
        (rank, cell) =>
          fast.distinct === undefined || plain.cellNonzeros[cell] === 1 ? rank : ranks.zeroRank,
      );
      assert.deepEqual([...fast.cellRanks], expected, what);
      assert.deepEqual(fast.uDoubled, plain.uDoubled, what);
      assert.equal(fast.isConstant, plain.isConstant);
      for (let group = 0; group < groupCount; group++) {
        assert.equal(fast.variance(group), plain.variance(group), what);
      }
      if (fast.distinct === undefined) return;
      half.find(ranks);
      const found = [...half.values];
      half.take(fast.distinct.choosingRankSum);
      assert.deepEqual([...half.values], found, what);
    };
    // With no ties; pairs and triples, next to each other too; too many; and none again. At 0 are none, some
    // and most; the others are on one side of them, and on both.
    for (const levels of [2 ** 24, 5000, 40, 2 ** 24]) {
      for (const [zeros, below] of [[0, 0], [3, 0], [6, 4], [9, 4.5], [0, 5]] as const) {
        const column = Float32Array.from(
          design.groupOf,
          (group) =>
            random.below(10) < zeros ? 0 : (group + random.below(levels) + 1) / levels - below / 10,
        );
        assertAlike(column, `${groupCount} × ${personCount}, ${levels} ${zeros} ${below}`);
      }
    }
  }
});

Deno.test("a column whose activations are all equal is constant, however few they are", () => {
  const design = gridOf(2, 200, new SeededRandom(1));
  const ranks = new ColumnRanks(400);
  ranks.rank(new Float32Array(400).fill(2.5));
  const sums = new RankSums(design);
  sums.sum(ranks);
  assert.equal(sums.isConstant, true);
});

Deno.test("where persons have other numbers of questions, or these are few, there is no such walk", () => {
  const numbers = (count: number, value: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => value(i));
  const twice = selectivityDesign(numbers(400, (i) => i % 2), {
    persons: numbers(400, (i) => i >> 2),
  });
  const ragged = selectivityDesign(numbers(399, (i) => i % 2), {
    persons: numbers(399, (i) => i >> 1),
  });
  const random = new SeededRandom(2);
  const [many, few, right] = [gridOf(9, 40, random), gridOf(3, 40, random), gridOf(3, 100, random)];
  for (const design of [twice, ragged, many, few]) {
    assert.equal(distinctWalk(design, []), undefined);
  }
  assert.notEqual(distinctWalk(right, []), undefined);
});
