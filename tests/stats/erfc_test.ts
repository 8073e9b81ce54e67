import assert from "node:assert/strict";
import { ERF_ALONE, erfOfSmall, scaledErfc } from "../../lib/stats/erfc.ts";
import { assertClose } from "../support/statistics_fixtures.ts";

Deno.test("scaledErfc() is exact to some 1e-15, and meets erf where they change over", () => {
  // mpmath: exp(x*x)*erfc(x)
  const known = [[0, 1], [1, 0.42758357615580701], [4, 0.13699945762506138], [
    40,
    0.014100335983377814,
  ]];
  for (const [x, y] of known) assertClose(scaledErfc(x!), y, { relative: 4e-15 }, `${x}`);
  const x = ERF_ALONE;
  assertClose(scaledErfc(x + 1e-16), Math.exp(x * x) * (1 - erfOfSmall(x)), { relative: 2e-15 });
  assert.equal(erfOfSmall(0), 0);
});
