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

Deno.test("listOverlap() keeps its digits where a list is nearly all features, or there are none", () => {
  // 1 · second · (n − 1) · 1 / (n² · (n − 1)), with n = 10⁶ and second = n − 1
  const { deviation } = listOverlap(1, { features: 1e6, first: 1, second: 999_999 });
  assertClose(deviation, Math.sqrt(999_999) / 1e6, { relative: 1e-15 });
  const none = listOverlap(0, { features: 0, first: 0, second: 0 });
  assert.deepEqual(none, { expected: 0, deviation: 0, log10Tail: 0 });
});
