import assert from "node:assert/strict";
import { lugannaniRice } from "../../lib/stats/lugannani_rice.ts";
import { lnNormalTail } from "../../lib/stats/normal_tail.ts";
import { assertClose } from "../support/statistics_fixtures.ts";

Deno.test("lugannaniRice() is the normal tail where u = w", () => {
  for (const w of [0.5, 2, 30]) {
    const found = lugannaniRice({ exponent: w * w / 2, u: w, lnEdge: -1e9 });
    assertClose(found, lnNormalTail(w), { relative: 1e-12 });
  }
});

Deno.test("lugannaniRice() keeps to Chernoff's bound and the probability of the edge", () => {
  assert.equal(lugannaniRice({ exponent: 8, u: 1e-3, lnEdge: -100 }), -8);
  assert.equal(lugannaniRice({ exponent: 8, u: 4, lnEdge: -9 }), -9);
});
