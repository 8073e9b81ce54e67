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
