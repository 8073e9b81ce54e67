import assert from "node:assert/strict";
import { doubledMidranks } from "../../lib/stats/doubled_midranks.ts";
import { statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("doubledMidranks() is the oracle's", () => {
  for (const { name, x, midranks_doubled } of statisticsCases("auroc")) {
    assert.deepEqual([...doubledMidranks(x)], midranks_doubled, name);
  }
});

Deno.test("doubledMidranks() takes -0 for 0, ranks infinities, and refuses NaN", () => {
  assert.deepEqual([...doubledMidranks([-0, 0, Infinity, -Infinity])], [5, 5, 8, 2]);
  assert.throws(() => doubledMidranks([1, NaN]), /number 1 is NaN/);
});
