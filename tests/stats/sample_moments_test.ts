import assert from "node:assert/strict";
import { sampleMoments } from "../../lib/stats/sample_moments.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("sampleMoments() is the oracle's, also where the mean is far from 0", () => {
  for (const each of statisticsCases("moments")) {
    const { n, mean, deviation, active } = sampleMoments(each.x, 0.1);
    assertClose(mean, each.mean, { relative: 1e-15 }, each.name);
    assertClose(deviation, each.sd, { relative: 1e-12 }, each.name);
    assert.deepEqual([n, active], [each.n, each["active_over_0.1"]], each.name);
    assert.equal(sampleMoments(each.x, 0).active, each.active_over_0, each.name);
  }
});

Deno.test("sampleMoments() has all digits of a mean whose values cancel", () => {
  const most = 2 ** 127;
  assert.equal(sampleMoments([most, 1, -most], 0).mean, 1 / 3);
  const alternating = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1e6 : -1e6) + i / 1024);
  assertClose(sampleMoments(alternating, 0).mean, 999 / 2048, { relative: 1e-15 });
});
