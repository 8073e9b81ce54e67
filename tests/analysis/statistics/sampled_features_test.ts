import assert from "node:assert/strict";
import { SampledFeatures } from "../../../lib/analysis/statistics/sampled_features.ts";

Deno.test("sampled features are kept from whatever pieces they come in", () => {
  const sampled = new SampledFeatures({ freeCount: 3, questions: 2 });
  sampled.see({ first: 0, count: 2, questions: 2, values: Float32Array.of(1, 2, 3, 4) });
  sampled.see({ first: 2, count: 2, questions: 2, values: Float32Array.of(5, 6, 7, 8) });
  assert.deepEqual(sampled.features, [0, 1, 2]);
  assert.deepEqual([1, 2].map((feature) => [...sampled.column(feature)]), [[3, 4], [5, 6]]);
});
