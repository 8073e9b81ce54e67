import assert from "node:assert/strict";
import { clusteredWilson, wilson } from "../../lib/stats/wilson.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

const BOUND = { relative: 1e-12, absolute: 1e-14 };

Deno.test("wilson() and clusteredWilson() are the oracle's", () => {
  for (const each of statisticsCases("wilson")) {
    if (each.kind === "plain") {
      const { share, interval } = wilson(each.k, each.n);
      assert.equal(share, each.share);
      assertClose([...interval], each.interval, BOUND, `${each.k} of ${each.n}`);
      if (each.k === 0) assert.equal(interval[0], 0);
      if (each.k === each.n) assert.equal(interval[1], 1);
    } else {
      const found = clusteredWilson(each.k, each.n);
      assertClose(
        [found.share, found.variance, found.designEffect, found.nEffective, ...found.interval],
        [each.share, each.variance, each.design_effect, each.n_effective, ...each.interval],
        BOUND,
        each.name,
      );
    }
  }
});

Deno.test("clusteredWilson() says nothing of nothing, and nothing sure of one person", () => {
  assert.deepEqual(clusteredWilson([], []).interval, [0, 1]);
  assert.equal(clusteredWilson([], []).share, null);
  assert.deepEqual(clusteredWilson([5], [6]).interval, [0, 1]);
});
