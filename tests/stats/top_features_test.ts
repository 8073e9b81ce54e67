import assert from "node:assert/strict";
import fc from "fast-check";
import { topFeatures } from "../../lib/stats/top_features.ts";

Deno.test("topFeatures() lists positions by descending value", () => {
  assert.deepEqual(topFeatures([0.5, 2, 1], 3), [1, 2, 0]);
});

Deno.test("topFeatures() lists as many as asked for", () => {
  assert.deepEqual(topFeatures(Float32Array.of(0.5, 2, 1), 2), [1, 2]);
  assert.deepEqual(topFeatures([0.5, 2, 1], 0), []);
});

Deno.test("topFeatures() lists all if there are fewer than asked for", () => {
  assert.deepEqual(topFeatures([1, 2], 100), [1, 0]);
  assert.deepEqual(topFeatures([], 100), []);
});

Deno.test("topFeatures() puts the lower index first among equal values", () => {
  assert.deepEqual(topFeatures([1, 2, 1, 2, 1], 5), [1, 3, 0, 2, 4]);
});

Deno.test("topFeatures() takes 0 and -0 for equal", () => {
  assert.deepEqual(topFeatures([-0, 0, -0], 3), [0, 1, 2]);
});

Deno.test("topFeatures() orders negative values", () => {
  assert.deepEqual(topFeatures([-3, -1, -2], 3), [1, 2, 0]);
});

Deno.test("topFeatures() leaves the values where they are", () => {
  const values = [1, 3, 2];
  topFeatures(values, 3);
  assert.deepEqual(values, [1, 3, 2]);
});

Deno.test("topFeatures() is a sort cut short, whatever the values and their order", () => {
  const values = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 300 });
  fc.assert(fc.property(values, fc.integer({ min: 0, max: 40 }), (values, count) => {
    const sorted = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
    assert.deepEqual(topFeatures(values, count), sorted.slice(0, count));
  }));
});
