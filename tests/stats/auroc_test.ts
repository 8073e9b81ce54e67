import assert from "node:assert/strict";
import { auroc } from "../../lib/stats/auroc.ts";
import { statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("auroc() is the oracle's to the last bit", () => {
  for (const each of statisticsCases("auroc")) {
    const found = auroc(each.x, each.in_group);
    const { name, n_in, n_out, u_doubled } = each;
    assert.deepEqual([found.nIn, found.nOut, found.auroc], [n_in, n_out, each.auroc], name);
    if (u_doubled !== null) assert.equal(found.uDoubled, u_doubled, name);
  }
});
