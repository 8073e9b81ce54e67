import assert from "node:assert/strict";
import {
  lnNormalTail,
  log10NormalTwoSided,
  millsRatio,
  NORMAL_QUANTILE,
} from "../../lib/stats/normal_tail.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("log10NormalTwoSided() is the oracle's to 1e-9, however far out", () => {
  for (const { law, z, log10_two_sided } of statisticsCases("tails")) {
    if (law !== "normal") continue;
    const bound = { relative: 1e-11, absolute: 1e-15 };
    assertClose(log10NormalTwoSided(z), log10_two_sided, bound, `z = ${z}`);
    assertClose(log10NormalTwoSided(-z), log10_two_sided, bound, `z = -${z}`);
  }
});

Deno.test("lnNormalTail() adds up to 1 with that of the other side", () => {
  for (const z of [0, 0.3, 1, 6]) {
    assertClose(Math.exp(lnNormalTail(z)) + Math.exp(lnNormalTail(-z)), 1, { relative: 1e-15 });
  }
  assertClose(millsRatio(0), Math.sqrt(Math.PI / 2), { relative: 1e-15 });
});

Deno.test("NORMAL_QUANTILE is the 97.5 % quantile", () => {
  const [known] = statisticsCases("tails").filter(({ law }) => law === "normal quantile");
  assert.equal(NORMAL_QUANTILE, known.quantile);
});
