import assert from "node:assert/strict";
import { twoWayVariance } from "../../lib/stats/two_way_variance.ts";

Deno.test("what persons and wordings share is counted once", () => {
  assert.equal(twoWayVariance({ persons: 0.5, wordings: 0.25, both: 0.125 }), 0.625);
});

Deno.test("a variance that would be negative is the larger of the two", () => {
  assert.equal(twoWayVariance({ persons: 0.5, wordings: 0.25, both: 1 }), 0.5);
  assert.equal(twoWayVariance({ persons: 0, wordings: 0, both: 0 }), 0);
});
