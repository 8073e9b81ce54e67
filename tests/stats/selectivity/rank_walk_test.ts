import assert from "node:assert/strict";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";
import { selectivityDesign } from "../../../lib/stats/selectivity/design.ts";
import { plainRankWalk, type RankWalk } from "../../../lib/stats/selectivity/rank_walk.ts";
import { wasmRankWalk } from "../../../lib/stats/selectivity/rank_walk_wasm.ts";

const FIELDS = ["cellRanks", "own", "below", "passed"] as const;

function walked(walk: RankWalk, ranks: ColumnRanks) {
  walk.questions.set(ranks.questions);
  walk.keys.set(ranks.keys);
  for (const field of FIELDS) walk[field].fill(0);
  walk.walk(0, ranks.negativeCount, ranks.hasTies);
  walk.passed[0]! += 2 * ranks.zeroCount;
  walk.walk(ranks.negativeCount, ranks.nonzeroCount, ranks.hasTies);
  // A row of counts is filled up with zeros, a vector of what has been passed is not shown.
  const groups = [...walk.passed.keys()];
  return [...FIELDS.map((field) => [...walk[field]]), groups.map((group) => walk.rankSum(group))];
}

Deno.test("vectors sum the ranks that TypeScript sums, whatever ties and designs there are", () => {
  const random = new SeededRandom(12);
  for (const [groupCount, personCount] of [[2, 9], [4, 30], [6, 25], [11, 3]] as const) {
    const groups = Array.from({ length: 200 }, () => random.below(groupCount));
    const persons = groups.map(() => random.below(personCount));
    const design = selectivityDesign(groups, { groupCount, persons });
    const ranks = new ColumnRanks(200);
    for (const levels of [2, 9, 100, 1e6]) {
      const column = Float32Array.from(groups, () => random.below(levels) - levels / 3);
      ranks.rank(column);
      const plain = walked(plainRankWalk(design), ranks);
      assert.deepEqual(walked(wasmRankWalk(design)!, ranks), plain);
      // Of what was passed, all is counted; the ranks of all are those of 1 to 200.
      assert.equal(plain[3]!.reduce((a, b) => a + b), 400);
      const rankOfZeros = ranks.zeroCount * ranks.zeroRank;
      assert.equal(plain[4]!.reduce((a, b) => a + b) + rankOfZeros, 200 * 201);
    }
  }
});

Deno.test("vectors sum the products that TypeScript sums", () => {
  const random = new SeededRandom(3);
  for (const [groupCount, personCount] of [[2, 9], [4, 30], [6, 25], [11, 1]] as const) {
    const count = groupCount * personCount;
    const groups = Array.from({ length: count }, (_, i) => i % groupCount);
    const persons = Array.from({ length: count }, (_, i) => Math.floor(i / groupCount));
    const design = selectivityDesign(groups, { groupCount, persons });
    const ranks = new ColumnRanks(count);
    const column = Float32Array.from(groups, () => 1 + random.below(count));
    ranks.rank(column);
    const [vectors, plain] = [wasmRankWalk(design)!, plainRankWalk(design)];
    for (const walk of [vectors, plain]) walked(walk, ranks);
    for (let group = 0; group < groupCount; group++) {
      const most = 2 * personCount * (groupCount - 1);
      assert.deepEqual(vectors.products(group, 1, most), plain.products(group, 1, most));
    }
  }
});

Deno.test("vectors count the cells, persons and groups that TypeScript counts, and forget them", () => {
  const random = new SeededRandom(17);
  const counts = ["cellNonzeros", "personNonzeros", "nonzeros"] as const;
  for (const [groupCount, personCount] of [[2, 9], [4, 64], [6, 25], [11, 101]] as const) {
    const groups = Array.from({ length: 400 }, () => random.below(groupCount));
    const design = selectivityDesign(groups, {
      groupCount,
      persons: groups.map(() => random.below(personCount)),
    });
    const walks = [wasmRankWalk(design)!, plainRankWalk(design)];
    for (const many of [0, 1, 30, 400]) {
      const keys = groups.map(() => random.next());
      const questions = [...groups.keys()].sort((a, b) => keys[a]! - keys[b]!).slice(0, many);
      const [vectors, plain] = walks.map((walk) => {
        walk.questions.set(questions);
        const found = walk.count(many);
        walk.walk(0, many, false);
        const sums = [...walk.nonzeros.keys()].map((group) => walk.rankSum(group));
        return [...counts.map((each) => [...walk[each]]), walk.persons.slice(0, found), sums];
      });
      assert.deepEqual(vectors, plain);
      const asked = new Set(questions.map((question) => design.personOf[question]!));
      assert.deepEqual([...plain![3]!], [...asked].sort((a, b) => a - b));
      for (const walk of walks) {
        walk.clear(many);
        for (const field of [...FIELDS, ...counts]) {
          assert(walk[field].every((n) => n === 0), field);
        }
        for (const group of walk.nonzeros.keys()) assert.equal(walk.rankSum(group), 0);
      }
    }
  }
});
