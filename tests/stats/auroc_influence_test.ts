import assert from "node:assert/strict";
import { auroc } from "../../lib/stats/auroc.ts";
import { aurocInfluence, sumInfluences } from "../../lib/stats/auroc_influence.ts";
import { clusteredVariance } from "../../lib/stats/clustered_variance.ts";
import { noiseOf } from "../support/synthetic_site.ts";

/** Each of twelve persons has a question in the group and two outside. */
const persons = Array.from({ length: 36 }, (_, i) => i % 12);
const inGroup = Array.from({ length: 36 }, (_, i) => i < 12);
const values = persons.map((person, i) => noiseOf(i) + person / 20 + (inGroup[i] ? 0.2 : 0));
const design = { inGroup, persons, personCount: 12 };

Deno.test("aurocInfluence() has the AUROC, and parts that add up to 0", () => {
  const { estimate, parts } = aurocInfluence(values, design)!;
  assert.equal(estimate, auroc(values, inGroup).auroc);
  assert(Math.abs(parts.reduce((sum, part) => sum + part, 0)) < 1e-15);
});

Deno.test("where each person is on both sides, the parts' squares are Obuchowski's variance", () => {
  const { parts } = aurocInfluence(values, design)!;
  const squares = parts.reduce((sum, part) => sum + part * part, 0);
  const { variance } = clusteredVariance(values, { inGroup, persons })!;
  assert(Math.abs(12 / 11 * squares - variance!) < 1e-15);
});

Deno.test("a feature less itself is 0, and so is every part", () => {
  const one = aurocInfluence(values, design)!;
  const { estimate, parts } = sumInfluences([[1, one], [-1, one]]);
  assert.equal(estimate, 0);
  assert(parts.every((part) => part === 0));
});

Deno.test("aurocInfluence() is null without a question on one side, and refuses NaN", () => {
  assert.equal(aurocInfluence([1, 2], { inGroup: [1, 1], persons: [0, 1], personCount: 2 }), null);
  const two = { inGroup: [1, 0], persons: [0, 1], personCount: 2 };
  assert.throws(() => aurocInfluence([NaN, 1], two), RangeError);
});
