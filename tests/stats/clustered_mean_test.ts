import assert from "node:assert/strict";
import { clusteredMean } from "../../lib/stats/clustered_mean.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("clusteredMean() is the oracle's", () => {
  for (const each of statisticsCases("bootstrap")) {
    const sums = { sumIn: each.sum_in, nIn: each.n_in, sumOut: each.sum_out, nOut: each.n_out };
    for (const kind of ["mean", "difference"] as const) {
      const { estimate, standardError, interval } = clusteredMean(sums, kind)!;
      const expected = [each[kind].estimate, each[kind].se, ...each[kind].t_interval];
      assertClose([estimate, standardError, ...interval!], expected, { relative: 1e-10 });
    }
  }
});

Deno.test("clusteredMean() has no error from one person, and is null of nothing", () => {
  const one = { sumIn: [3], nIn: [1], sumOut: [1], nOut: [1] };
  assert.deepEqual(clusteredMean(one, "difference"), {
    estimate: 2,
    standardError: null,
    interval: null,
  });
  assert.equal(clusteredMean({ ...one, nOut: [0] }, "difference"), null);
});

Deno.test("clusteredMean() loses no digits where means are far from 0", () => {
  const near = { sumIn: [3, 1, 2], nIn: [1, 3, 1], sumOut: [2, 0, 5], nOut: [2, 3, 7] };
  const by = (sums: number[], counts: number[]) => sums.map((sum, i) => sum + 1e7 * counts[i]!);
  const far = {
    ...near,
    sumIn: by(near.sumIn, near.nIn),
    sumOut: by(near.sumOut, near.nOut),
  };
  for (const kind of ["mean", "difference"] as const) {
    const [one, other] = [clusteredMean(near, kind)!, clusteredMean(far, kind)!];
    assertClose(other.standardError, one.standardError, { relative: 1e-14 }, kind);
    const offset = kind === "mean" ? 1e7 : 0;
    assertClose(other.estimate, one.estimate + offset, { relative: 1e-14 }, kind);
  }
});
