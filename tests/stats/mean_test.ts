import assert from "node:assert/strict";
import { maximum, mean, standardDeviation } from "../../lib/stats/mean.ts";

Deno.test("mean() is the sum divided by the count", () => {
  assert.equal(mean([1, 2, 6]), 3);
});

Deno.test("mean() of float32 values is taken in float64", () => {
  // In float32 the sum 16777217 is not representable.
  assert.equal(mean(Float32Array.of(2 ** 24, 1)), 8388608.5);
});

Deno.test("mean() of no values is NaN", () => {
  assert.equal(mean([]), NaN);
});

Deno.test("standardDeviation() divides by the count, not by one less", () => {
  assert.equal(standardDeviation([1, 3]), 1);
  assert.equal(standardDeviation([5]), 0);
});

Deno.test("standardDeviation() keeps its digits far away from zero", () => {
  // The mean of the squares minus the square of the mean loses all of them here.
  assert.equal(standardDeviation([100_000_001, 100_000_003]), 1);
});

Deno.test("standardDeviation() of no values is NaN", () => {
  assert.equal(standardDeviation([]), NaN);
});

Deno.test("maximum() finds the greatest value, also if all are negative", () => {
  assert.equal(maximum([1, 4, 2]), 4);
  assert.equal(maximum(Float32Array.of(-3, -1, -2)), -1);
});

Deno.test("maximum() of no values is -Infinity", () => {
  assert.equal(maximum([]), -Infinity);
});

Deno.test("maximum() takes more values than a function takes arguments", () => {
  const values = new Float32Array(1_000_000);
  values[999_999] = 1;
  assert.equal(maximum(values), 1);
});
