import assert from "node:assert/strict";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";
import { selectivityDesign } from "../../../lib/stats/selectivity/design.ts";
import { GroupMoments } from "../../../lib/stats/selectivity/group_moments.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

const FIELDS = ["meanIn", "meanOut", "squaresIn", "squaresOut", "active", "personsActive"] as const;

/** Grids whose rows are and are not multiples of four; persons who lack groups; one question each. */
const DESIGNS = [
  { groupCount: 3, personCount: 8, isGrid: true },
  { groupCount: 5, personCount: 23, isGrid: true },
  { groupCount: 4, personCount: 12, isGrid: false },
  { groupCount: 4, personCount: 0, isGrid: false },
];

function designOf(
  { groupCount, personCount, isGrid }: typeof DESIGNS[number],
  random: SeededRandom,
) {
  const count = isGrid ? groupCount * personCount : 90;
  const groups = Array.from({ length: count }, (_, i) => isGrid ? i % groupCount : random.below(4));
  const persons = groups.map((_, i) => isGrid ? Math.floor(i / groupCount) : random.below(12));
  return selectivityDesign(groups, { persons: personCount === 0 ? undefined : persons });
}

Deno.test("vectors sum the moments that TypeScript sums, bit for bit", () => {
  const random = new SeededRandom(31);
  for (const each of DESIGNS) {
    const design = designOf(each, random);
    const column = Float32Array.from(design.groupOf, () => 50 + random.below(1000) / 999);
    const [vectors, plain] = [false, true].map((isPlain) =>
      new GroupMoments(design, 50.3, isPlain)
    );
    for (const moments of [vectors!, plain!]) moments.sum(column);
    for (const field of FIELDS) assert.deepEqual(vectors![field], plain![field], field);
    for (const group of design.groupSizes.keys()) {
      assert.equal(vectors!.standardError(group), plain!.standardError(group));
    }
  }
});

Deno.test("activations of 0 are active where the threshold is below 0, also if few are not 0", () => {
  const design = selectivityDesign([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
  const column = Float32Array.of(0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0);
  const ranks = new ColumnRanks(column.length);
  ranks.rank(column);
  const moments = new GroupMoments(design, -0.5);
  moments.sum(column, ranks);
  assert.deepEqual([...moments.active], [5, 6]);
  assert.deepEqual([...moments.personsActive], [5, 6]);
  assert.equal(moments.activeCount, 11);
});

Deno.test("where few activations are not 0, the moments of these alone are those of all", () => {
  const random = new SeededRandom(32);
  for (const each of DESIGNS) {
    const design = designOf(each, random);
    // In one group alone, most activations are there, and nearly the same.
    const column = Float32Array.from(
      design.groupOf,
      (group, i) => group === 1 && i % 4 === 1 ? 1 + random.below(9) / 1e6 : 0,
    );
    const ranks = new ColumnRanks(column.length);
    ranks.rank(column);
    const [few, all] = [new GroupMoments(design, 0.1), new GroupMoments(design, 0.1)];
    assert(8 * ranks.nonzeroCount < column.length);
    few.sum(column, ranks);
    all.sum(column);
    for (const field of FIELDS) {
      few[field].forEach((value, group) =>
        assertClose(value, all[field][group]!, { relative: 1e-13, absolute: 1e-18 }, field)
      );
    }
    for (const group of design.groupSizes.keys()) {
      assertClose(few.standardError(group), all.standardError(group), { relative: 1e-13 });
    }
  }
});

Deno.test("one call in WebAssembly finds the moments of few activations that TypeScript finds, bit for bit", () => {
  const random = new SeededRandom(33);
  // The last design has a group without questions.
  const designs = [
    ...DESIGNS.map((each) => designOf(each, random)),
    selectivityDesign(Array.from({ length: 90 }, (_, i) => 2 * (i % 3)), { groupCount: 6 }),
  ];
  for (const design of designs) {
    const [code, plain] = [new GroupMoments(design, 0.1), new GroupMoments(design, 0.1, true)];
    const ranks = new ColumnRanks(design.questionCount);
    for (const density of [0, 0.02, 0.05, 1, 0.08, 0.1]) {
      const column = Float32Array.from(
        design.groupOf,
        (group) =>
          random.below(1000) < 1000 * density ? random.below(2 ** 24) / 2 ** 20 - 5 + group : -0,
      );
      ranks.rank(column);
      for (const moments of [code, plain]) moments.sum(column, ranks);
      for (const field of FIELDS) assert.deepEqual(code[field], plain[field], field);
      assert.equal(code.activeCount, plain.activeCount);
      for (const group of design.groupSizes.keys()) {
        if (design.groupSizes[group] === 0) continue;
        assert.equal(code.standardError(group), plain.standardError(group));
      }
    }
  }
});
