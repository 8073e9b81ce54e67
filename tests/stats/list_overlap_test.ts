import assert from "node:assert/strict";
import { listOverlap } from "../../lib/stats/list_overlap.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("listOverlap() is the oracle's", () => {
  for (const each of statisticsCases("overlap")) {
    if (each.kind !== "overlap") continue;
    const found = listOverlap(each.shared, each);
    const what = JSON.stringify(each);
    const bound = { relative: 1e-12, absolute: 1e-14 };
    assertClose([found.expected, found.deviation], [each.expected, each.sd], bound, what);
    assertClose(found.log10Tail, each.log10_tail, { relative: 1e-10, absolute: 1e-14 }, what);
  }
});

Deno.test("listOverlap() does not underflow, and refuses what cannot be", () => {
  const { log10Tail } = listOverlap(400, { features: 1e6, first: 400, second: 400 });
  assertClose(log10Tail, -1531.158924506579, { relative: 1e-12 }); // 1/C(10^6, 400)
  assert.throws(() => listOverlap(4, { features: 10, first: 3, second: 5 }), RangeError);
});
