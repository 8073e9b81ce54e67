import assert from "node:assert/strict";
import { benjaminiHochberg } from "../../lib/stats/benjamini_hochberg.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("benjaminiHochberg() is the oracle's, in logarithms that floats do not reach", () => {
  for (const { name, log10_p, log10_q } of statisticsCases("bh")) {
    const bound = { relative: 1e-12, absolute: 1e-14 };
    assertClose(benjaminiHochberg(log10_p), log10_q, bound, name);
  }
});

Deno.test("benjaminiHochberg() gives tied p equal q to the last bit, and refuses NaN", () => {
  const q = benjaminiHochberg([-2.1, -3.3, null, -2.1, -3.3, -0.5, -2.1]);
  assert.equal(new Set([q[0], q[3], q[6]]).size, 1);
  assert.equal(q[1], q[4]);
  assert.throws(() => benjaminiHochberg([NaN]), /number 0 is NaN/);
});
