import assert from "node:assert/strict";
import { higherFeatures } from "../../lib/stats/higher_features.ts";

const AUROCS = [0.6, 0.9, 0.8, 0.9, 0.5, 0.2, NaN];
const FEATURES = AUROCS.map((_, feature) => feature);

function chosen(persons: readonly number[], features: readonly number[] = FEATURES): number[] {
  const found = higherFeatures(features, {
    aurocOf: (feature) => AUROCS[feature]!,
    personsActive: (feature) => persons[feature]!,
  });
  return [...found].map(({ feature }) => feature);
}

Deno.test("features that are higher come with the highest AUROC first, of equal ones the lower", () => {
  const [first] = higherFeatures(FEATURES, {
    aurocOf: (feature) => AUROCS[feature]!,
    personsActive: () => 10,
  });
  assert.deepEqual(first, { feature: 1, auroc: 0.9 });
  assert.deepEqual(chosen(FEATURES.map(() => 10)), [1, 3, 2, 0]);
  assert.deepEqual(chosen(FEATURES.map(() => 10), [4, 5, 6]), [], "½, lower, and no AUROC");
});

Deno.test("features that fewer than ten persons have active are passed over, unless all are such", () => {
  assert.deepEqual(chosen([10, 9, 12, 9, 40, 40, 40]), [2, 0]);
  assert.deepEqual(chosen([9, 9, 0, 9, 40, 40, 40]), [1, 3, 2, 0]);
});

Deno.test("whoever takes the first does not count the persons of those behind it", () => {
  const counted: number[] = [];
  const [first] = higherFeatures(FEATURES, {
    aurocOf: (feature) => AUROCS[feature]!,
    personsActive: (feature) => counted.push(feature) > 1 ? 10 : 9,
  });
  assert.deepEqual([first?.feature, counted], [3, [1, 3]]);
});
