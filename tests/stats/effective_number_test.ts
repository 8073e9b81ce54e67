import { effectiveNumber } from "../../lib/stats/effective_number.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("effectiveNumber() is the oracle's", () => {
  for (const each of statisticsCases("overlap")) {
    if (each.kind !== "effective") continue;
    const { participationRatio, expEntropy } = effectiveNumber(each.means);
    const expected = [each.participation_ratio, each.exp_entropy];
    assertClose([participationRatio, expEntropy], expected, { relative: 1e-12 }, each.name);
  }
});
