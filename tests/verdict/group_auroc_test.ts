import assert from "node:assert/strict";
import {
  differenceOf,
  groupAuroc,
  meanAuroc,
  meanDifference,
} from "../../lib/verdict/group_auroc.ts";
import { partOf, questionsOf } from "../../lib/verdict/questions.ts";
import { column } from "../../lib/verdict/site.ts";
import { noiseOf, syntheticSite } from "../support/synthetic_site.ts";

const site = syntheticSite({
  persons: 40,
  relations: 2,
  free: [
    ({ relation }) => relation + 1, // tells both apart without fault
    ({ relation, person, wording }) => noiseOf(relation, person, wording) + 0.3 * relation + 0.2,
    ({ relation, person, wording }) => noiseOf(7, relation, person, wording) + 0.2 * relation + 0.2,
  ],
});
const part = partOf(questionsOf(site.found));
const of = (feature: number) => groupAuroc(column(site, feature, part), part, { group: 1 })!;
const [perfect, good, fair] = [of(0), of(1), of(2)];

Deno.test("an AUROC of 1 is still, and its interval is not 1 to 1", () => {
  assert.deepEqual([perfect.isStill, good.isStill], [true, false]);
  assert.equal(perfect.auroc.value, 1);
  assert(perfect.auroc.interval![0] < 0.95);
});

Deno.test("a mean with an AUROC of 1 is as unsure as that one is", () => {
  const alone = meanAuroc([good, fair], part, "").auroc;
  const { auroc } = meanAuroc([perfect, good, fair], part, "");
  // The other two are taken together, and the end of the one is added to theirs.
  const expected = (perfect.auroc.interval![0] + 2 * alone.interval![0]) / 3;
  assert(Math.abs(auroc.interval![0] - expected) < 1e-12);
  assert(auroc.value! - auroc.interval![0] > (1 - perfect.auroc.interval![0]) / 3);
});

Deno.test("so is a difference, and a mean of differences", () => {
  const one = differenceOf(perfect, good, part);
  const seen = perfect.auroc.value! - good.auroc.value!;
  assert(Math.abs(one.value! - seen) < 1e-12);
  assert(one.value! - one.interval![0] >= 1 - perfect.auroc.interval![0]);
  const mean = meanDifference([perfect, good], [good, fair], part, "");
  const other = differenceOf(good, fair, part);
  [0, 1].forEach((k) => {
    const expected = (one.interval![k as 0 | 1] + other.interval![k as 0 | 1]) / 2;
    assert(Math.abs(mean.interval![k as 0 | 1] - expected) < 1e-12);
  });
});

Deno.test("where one is missing, or has no interval, there is a reason", () => {
  assert.equal(meanAuroc([good, null], part, "one lacks").auroc.reason, "one lacks");
  const silent = groupAuroc(column(site, 1, part), part, { group: 1, threshold: 9 })!;
  const { auroc } = meanAuroc([silent, good], part, "");
  assert.equal(auroc.interval, null);
  assert.match(auroc.reason!, /of one relation there is none/);
  assert.equal(meanDifference([silent], [good], part, "").interval, null);
});
