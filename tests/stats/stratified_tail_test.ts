import assert from "node:assert/strict";
import { stratifiedTail } from "../../lib/stats/stratified_tail.ts";
import { assertClose } from "../support/statistics_fixtures.ts";

Deno.test("stratifiedTail() is exact at the largest sum, ties counted", () => {
  const { branch, lnTail } = stratifiedTail([[0, 2, 2], [0, 4]], 6);
  assert.equal(branch, "edge");
  assertClose(lnTail, Math.log(2 / 3 / 2), { relative: 1e-14 });
});

Deno.test("stratifiedTail() looks at the side on which the sum lies", () => {
  const strata = [[0, 1, 5], [0, 2, 3], [0, 1, 9]];
  const mirrored = strata.map((scores) => scores.map((score) => -score));
  assert.equal(stratifiedTail(strata, 13).lnTail, stratifiedTail(mirrored, -13).lnTail);
  assert.equal(stratifiedTail([[1, 1], [2]], 3).branch, "constant");
  assert.equal(stratifiedTail([[-1, 0, 1], [0, 2]], 1).branch, "middle");
});

Deno.test("stratifiedTail() stays sound with scores of very different sizes", () => {
  const strata = Array.from({ length: 40 }, (_, i) => [0, 1, 10 ** (i % 7)]);
  const top = strata.reduce((sum, [, , most]) => sum + most!, 0);
  let before = -Infinity;
  for (const gap of [1, 10, 1000, 1e5]) {
    const { lnTail } = stratifiedTail(strata, top - gap);
    assert(lnTail > before && lnTail <= 0, `${gap}: ${lnTail}`);
    before = lnTail;
  }
});
