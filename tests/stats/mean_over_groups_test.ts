import assert from "node:assert/strict";
import { bootstrapT, drawPersons } from "../../lib/stats/bootstrap_t.ts";
import { clusteredMean } from "../../lib/stats/clustered_mean.ts";
import { meanOverGroups } from "../../lib/stats/mean_over_groups.ts";

const values = [3, 1, 2, 4, 2, 3, 1, 2, 3, 5, 2, 1];
const persons = [0, 0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9];
const one = { groups: values.map(() => 0), persons, groupCount: 1, personCount: 10 };

function sumsOf() {
  const sumIn = new Array<number>(10).fill(0);
  const nIn = new Array<number>(10).fill(0);
  values.forEach((value, i) => {
    sumIn[persons[i]!]! += value;
    nIn[persons[i]!]!++;
  });
  return { sumIn, nIn, sumOut: nIn, nOut: nIn };
}

Deno.test("of one group it is the clustered mean, with its t interval", () => {
  const { estimate, interval } = clusteredMean(sumsOf(), "mean")!;
  const found = meanOverGroups(values, one);
  assert(Math.abs(found.estimate - estimate) < 1e-15);
  found.interval!.forEach((end, i) => assert(Math.abs(end - interval![i]!) < 1e-14));
});

Deno.test("of one group with resamples it is the symmetric bootstrap-t", () => {
  const resamples = drawPersons(10, { resamples: 199, seed: 1 });
  const { interval } = bootstrapT(sumsOf(), "mean", resamples)!;
  const found = meanOverGroups(values, one, resamples);
  found.interval!.forEach((end, i) => assert(Math.abs(end - interval[i]!) < 1e-14));
});

Deno.test("groups count the same, however many questions they have", () => {
  const groups = values.map((_, i) => Number(i === 0));
  const { estimate } = meanOverGroups(values, { groups, persons, groupCount: 2, personCount: 10 });
  assert(Math.abs(estimate - (3 + 26 / 11) / 2) < 1e-15);
});

Deno.test("there is no interval where all are equal, and a group without questions is refused", () => {
  assert.equal(meanOverGroups(values.map(() => 0.1), one).interval, null);
  assert.throws(() => meanOverGroups(values, { ...one, groupCount: 2 }), RangeError);
});

Deno.test("meanOverGroups() has no interval where all persons answer alike, also if groups cancel", () => {
  const at = Array.from({ length: 62 * 10 }, (_, i) => i);
  const groups = at.map((i) => Number(i % 10 >= 3));
  const design = { groups, persons: at.map((i) => Math.floor(i / 10)), groupCount: 2 };
  const values = groups.map((group) => (group === 1 ? -2.3 : 2.3) * 1.1);
  const found = meanOverGroups(values, { ...design, personCount: 62 });
  assert.deepEqual([found.standardError, found.interval], [0, null]);
});
