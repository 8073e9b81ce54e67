import assert from "node:assert/strict";
import { bootstrapT, drawPersons } from "../../lib/stats/bootstrap_t.ts";
import { assertClose, statisticsArray, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("bootstrapT() is the oracle's, given its resamples", () => {
  const counts = new Uint8Array(statisticsArray("bootstrap_counts"));
  for (const each of statisticsCases("bootstrap")) {
    const sums = { sumIn: each.sum_in, nIn: each.n_in, sumOut: each.sum_out, nOut: each.n_out };
    for (const kind of ["mean", "difference"] as const) {
      const found = bootstrapT(sums, kind, { persons: 30, counts })!;
      const { estimate, quantile_of_abs_t, bootstrap_t_symmetric } = each[kind];
      const expected = [estimate, quantile_of_abs_t, ...bootstrap_t_symmetric];
      const actual = [found.estimate, found.quantile, ...found.interval];
      assertClose(actual, expected, { relative: 1e-10 }, each.name);
    }
  }
});

Deno.test("bootstrapT() is null where nothing varies", () => {
  const same = { sumIn: [1, 1, 1], nIn: [1, 1, 1], sumOut: [0, 0, 0], nOut: [1, 1, 1] };
  assert.equal(bootstrapT(same, "difference", drawPersons(3, { seed: 1 })), null);
});

Deno.test("bootstrapT() is null where all persons answer alike, whatever is rounded", () => {
  for (const [sumIn, sumOut] of [[3.4, 4.6], [2.3, 1.7], [4.1, 6.7]] as const) {
    for (const persons of [11, 23, 62, 125]) {
      const of = (value: number) => new Array<number>(persons).fill(value);
      const sums = { sumIn: of(sumIn), nIn: of(7), sumOut: of(sumOut), nOut: of(11) };
      const drawn = drawPersons(persons, { resamples: 20, seed: 1 });
      assert.equal(bootstrapT(sums, "difference", drawn), null, `${sumIn} of ${persons}`);
    }
  }
});

Deno.test("drawPersons() draws the same again, and as many as there are", () => {
  const { counts } = drawPersons(7, { resamples: 50, seed: 3 });
  assert.deepEqual(counts, drawPersons(7, { resamples: 50, seed: 3 }).counts);
  assert.notDeepEqual(counts, drawPersons(7, { resamples: 50, seed: 4 }).counts);
  for (let row = 0; row < counts.length; row += 7) {
    assert.equal(counts.subarray(row, row + 7).reduce((sum, each) => sum + each), 7);
  }
});

Deno.test("bootstrapT() loses no digits where means are far from 0", () => {
  const near = [3, 1, 2, 7, 5, 4, 1, 2, 9, 3];
  const of = (sums: number[]) => ({
    sumIn: sums,
    nIn: near.map((_, i) => 1 + i % 3),
    sumOut: sums,
    nOut: near.map((_, i) => 2 + i % 2),
  });
  const far = near.map((sum, i) => sum + 1e7 * (1 + i % 3));
  const resamples = drawPersons(10, { resamples: 20, seed: 1 });
  const [one, other] = [near, far].map((sums) => bootstrapT(of(sums), "mean", resamples)!);
  assertClose(other!.quantile, one!.quantile, { relative: 1e-14 });
});
