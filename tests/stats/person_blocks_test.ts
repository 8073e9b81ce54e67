import assert from "node:assert/strict";
import { blockScores, personBlocks } from "../../lib/stats/person_blocks.ts";
import { statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("personBlocks() puts each person's questions together, group by group", () => {
  const { blockOf, groupOf, starts, isWithinPersons } = personBlocks([2, 0, 2, 0], [1, 0, 1, 1]);
  assert.deepEqual([...groupOf], [0, 0, 2]);
  assert.deepEqual([...starts], [0, 1, 3]);
  assert.deepEqual([...blockOf], [2, 0, 2, 1]);
  assert(isWithinPersons);
});

Deno.test("personBlocks() knows where no label can be permuted within a person", () => {
  assert(!personBlocks([0, 1, 0]).isWithinPersons);
  assert(!personBlocks([0, 0, 1], [0, 0, 1]).isWithinPersons);
});

Deno.test("blockScores() add up to the oracle's score of the group, and to 0", () => {
  for (const { x, person, group, score, name } of statisticsCases("clustered")) {
    const blocks = personBlocks(group, person);
    const scores = blockScores(x, blocks);
    const sum = (isCounted: (block: number) => boolean) =>
      scores.reduce((total, each, block) => total + (isCounted(block) ? each : 0), 0);
    assert.equal(sum((block) => blocks.groupOf[block] === 0) / 2, score, name);
    assert.equal(sum(() => true), 0, name);
  }
});
