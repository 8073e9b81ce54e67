import assert from "node:assert/strict";
import { consistencies, meanActivations } from "../../lib/stats/moment_matrices.ts";

Deno.test("meanActivations() divides each relation's sums by its own number of questions", () => {
  const means = meanActivations({
    groupSizes: [2, 4],
    featureCount: 3,
    sums: Float64Array.of(2, 0, -3, 2, 0, -3),
    counts: new Uint32Array(6),
  });
  assert.deepEqual(means, Float32Array.of(1, 0, -1.5, 0.5, 0, -0.75));
});

Deno.test("meanActivations() rounds to float32 once, after the division", () => {
  const means = meanActivations({
    groupSizes: [3],
    featureCount: 1,
    sums: Float64Array.of(16_777_221),
    counts: new Uint32Array(1),
  });
  // A float32 sum would be 16777220, and a third of it 5592406.5.
  assert.deepEqual(means, Float32Array.of(5_592_407));
});

Deno.test("consistencies() divides each relation's counts by its own number of questions", () => {
  const fractions = consistencies({
    groupSizes: [2, 4],
    featureCount: 3,
    sums: new Float64Array(6),
    counts: Uint32Array.of(2, 1, 0, 4, 3, 1),
  });
  assert.deepEqual(fractions, Float64Array.of(1, 0.5, 0, 1, 0.75, 0.25));
});

Deno.test("consistencies() gives float64 fractions, like those of the reference", () => {
  const fractions = consistencies({
    groupSizes: [30],
    featureCount: 2,
    sums: new Float64Array(2),
    counts: Uint32Array.of(20, 3),
  });
  assert.deepEqual(fractions, Float64Array.of(0.6666666666666666, 0.1));
});
