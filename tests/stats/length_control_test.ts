import assert from "node:assert/strict";
import { lengthControl } from "../../lib/stats/length_control.ts";
import { statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("lengthControl() is the oracle's to the last bit", () => {
  for (const each of statisticsCases("length")) {
    const found = lengthControl(each.x, { tokens: each.tokens, inGroup: each.in_group });
    assert.deepEqual(found, {
      aurocOfLength: each.auroc_of_length,
      auroc: each.auroc,
      pairs: each.pairs,
      pairsMatched: each.pairs_matched,
      uDoubledMatched: each.u_doubled_matched,
      aurocMatched: each.auroc_matched,
    }, each.name);
  }
});
