import { log10StudentTwoSided, studentQuantile } from "../../lib/stats/t_tail.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("log10StudentTwoSided() and studentQuantile() are the oracle's to 1e-9", () => {
  for (const each of statisticsCases("tails")) {
    const { law, t, df } = each;
    const what = `${law} ${t} of ${df}`;
    const bound = { relative: 1e-9, absolute: 1e-15 };
    if (law === "t") assertClose(log10StudentTwoSided(t, df), each.log10_two_sided, bound, what);
    if (law === "t quantile") assertClose(studentQuantile(df), each.quantile, bound, what);
  }
});

Deno.test("log10StudentTwoSided() knows a t whose square is no float", () => {
  // Of one degree of freedom the tail is 2/(πt), of two 1/t².
  const bound = { relative: 1e-12 };
  assertClose(log10StudentTwoSided(1e200, 1), -200 + Math.log10(2 / Math.PI), bound);
  assertClose(log10StudentTwoSided(-1e155, 2), -310, bound);
});
