import assert from "node:assert/strict";
import { clusteredVariance } from "../../lib/stats/clustered_variance.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

const BOUND = { relative: 1e-12, absolute: 1e-15 };

Deno.test("clusteredVariance() is the oracle's", () => {
  for (const each of statisticsCases("clustered")) {
    const inGroup = each.group.map((group: number) => group === 0);
    const found = clusteredVariance(each.x, { inGroup, persons: each.person })!;
    const { i10, i01, persons, name } = each;
    assert.deepEqual([found.i10, found.i01, found.persons], [i10, i01, persons], name);
    assertClose(found.auroc, each.auroc, BOUND, name);
    assertClose(found.variance, each.obuchowski_variance, BOUND, name);
    assertClose([found.s10, found.s01, found.s11], [each.s10, each.s01, each.s11], BOUND, name);
    const alone = clusteredVariance(each.x, { inGroup })!;
    assertClose(alone.variance, each.delong_variance, BOUND, `${name}, DeLong`);
  }
});

Deno.test("clusteredVariance() is exactly 0 where persons differ and groups do not", () => {
  const values = [1, 1, 1, 5, 5, 5, 9, 9, 9];
  const [inGroup, persons] = [[1, 0, 0, 1, 0, 0, 1, 0, 0], [0, 0, 0, 1, 1, 1, 2, 2, 2]];
  assert.equal(clusteredVariance(values, { inGroup, persons })?.variance, 0);
});

Deno.test("clusteredVariance() is null where a side is empty, its variance where it has one person", () => {
  assert.equal(clusteredVariance([1, 2], { inGroup: [1, 1] }), null);
  assert.equal(clusteredVariance([1, 2, 3], { inGroup: [1, 0, 0] })?.variance, null);
});
