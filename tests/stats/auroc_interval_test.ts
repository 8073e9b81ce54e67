import assert from "node:assert/strict";
import { aurocInterval } from "../../lib/stats/auroc_interval.ts";
import { clusteredVariance } from "../../lib/stats/clustered_variance.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("aurocInterval() is the oracle's", () => {
  for (const { name, x, group, person, auroc_interval } of statisticsCases("clustered")) {
    const inGroup = group.map((each: number) => each === 0);
    const found = clusteredVariance(x, { inGroup, persons: person })!;
    assertClose(aurocInterval(found), auroc_interval, { relative: 1e-12, absolute: 1e-15 }, name);
  }
});

Deno.test("aurocInterval() is null for a constant feature and for one person", () => {
  const of = (values: number[], persons: number[]) =>
    aurocInterval(clusteredVariance(values, { inGroup: [1, 0, 1, 0], persons })!);
  assert.equal(of([3, 3, 3, 3], [0, 0, 1, 1]), null);
  assert.equal(of([1, 2, 3, 4], [0, 0, 0, 0]), null);
});
