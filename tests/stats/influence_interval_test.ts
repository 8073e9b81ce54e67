import assert from "node:assert/strict";
import { aurocInfluence } from "../../lib/stats/auroc_influence.ts";
import { clusteredMean } from "../../lib/stats/clustered_mean.ts";
import { influenceInterval } from "../../lib/stats/influence_interval.ts";

Deno.test("influenceInterval() of a mean's parts is the t interval of the mean", () => {
  const values = [3, 1, 2, 6, 4];
  const ones = values.map(() => 1);
  const sums = { sumIn: values, nIn: ones, sumOut: ones, nOut: ones };
  const { estimate, interval } = clusteredMean(sums, "mean")!;
  const parts = Float64Array.from(values, (value) => (value - estimate) / values.length);
  const found = influenceInterval({ estimate, parts })!;
  found.forEach((end, i) => assert(Math.abs(end - interval![i]!) < 1e-14));
});

Deno.test("influenceInterval() is null for one person, and where nobody changes anything", () => {
  assert.equal(influenceInterval({ estimate: 0.5, parts: Float64Array.of(0) }), null);
  assert.equal(influenceInterval({ estimate: 1, parts: new Float64Array(20) }), null);
});

Deno.test("influenceInterval() is null where all persons answer alike, whatever is rounded", () => {
  const persons = Array.from({ length: 4 * 23 }, (_, i) => Math.floor(i / 4));
  const values = persons.map((_, i) => [1, 0, 0, 2][i % 4]!); // the first is above two of three
  const inGroup = persons.map((_, i) => i % 4 === 0);
  const found = aurocInfluence(values, { inGroup, persons, personCount: 23 })!;
  assert.deepEqual(found.parts, new Float64Array(23));
  assert.equal(influenceInterval(found), null);
});
