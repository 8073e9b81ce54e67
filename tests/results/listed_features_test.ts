import assert from "node:assert/strict";
import { listFeatures } from "../../lib/results/listed_features.ts";
import type { LayerSelectivity } from "../../lib/results/selectivity_files.ts";

/** Two groups of ten questions in each half, asked of one person each, and some features of them. */
function siteOf(features: readonly (readonly number[])[]): LayerSelectivity {
  const asked = Array.from({ length: 40 }, (_, i) => [i % 2, i, -1, 9, i < 20 ? 1 : 0]);
  return {
    record: {
      persons: null,
      wordings: null,
      listed: features.map((_, feature) => 10 + feature),
      activation_threshold: 0,
    },
    activations: Float32Array.from(features.flat()),
    questions: Int32Array.from(asked.flat()),
  } as unknown as LayerSelectivity;
}

/** Activations with so many of the ten questions of the first group above all others, and the rest below. */
const above = (count: number) =>
  Array.from({ length: 40 }, (_, i) => i % 2 === 1 ? 1 : i % 20 / 2 < count ? 2 : 0.5);

Deno.test("of features as far above ½ as below it, the lower is listed first", () => {
  // In float64, .7 − ½ is less than ½ − .3.
  const found = listFeatures(siteOf([above(7), above(3), above(10)]), { group: 0, top: 3 });
  assert.deepEqual(found.map(({ feature }) => feature), [12, 10, 11]);
  assert.deepEqual(found.map(({ aurocChoosing }) => aurocChoosing), [1, 0.7, 0.3]);
});

Deno.test("a feature that does not differ on the choosing half is not listed", () => {
  assert.deepEqual(listFeatures(siteOf([above(5)]), { group: 0, top: 3 }), []);
});

Deno.test("without a question of the group in the choosing half, nothing is listed", () => {
  const site = siteOf([above(10)]);
  for (let i = 0; i < 40; i++) if (i % 2 === 0) site.questions[5 * i + 4] = 0;
  assert.deepEqual(listFeatures(site, { group: 0, top: 3 }), []);
});

Deno.test("where the other half lacks the group, there are no numbers of it, and a reason", () => {
  const site = siteOf([above(10)]);
  for (let i = 20; i < 40; i++) if (i % 2 === 0) site.questions[5 * i + 4] = 1;
  const [found] = listFeatures(site, { group: 0, top: 3 });
  const { auroc, interval, reason, log10P, log10Q, difference, differenceInterval } = found!;
  const numbers = [auroc, interval, log10P, log10Q, difference, differenceInterval];
  assert.deepEqual(numbers, numbers.map(() => null));
  assert.equal(reason, "there are no questions to compare with");
});
