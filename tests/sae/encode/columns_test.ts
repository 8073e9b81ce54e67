import assert from "node:assert/strict";
import { columnRuns, columnsOf } from "../../../lib/sae/encode/columns.ts";

Deno.test("columnRuns() cover all features with runs that fit, divided at multiples of 16", () => {
  const bytes = 4 * 10 * 40; // 40 columns of 10 questions: 32 are a multiple of 16
  assert.deepEqual([...columnRuns(70, 10, bytes)], [
    { first: 0, count: 32 },
    { first: 32, count: 32 },
    { first: 64, count: 6 },
  ]);
  // However many questions there are, 16 features go together; without questions all do.
  assert.deepEqual([...columnRuns(20, 1e6, 1)].map(({ count }) => count), [16, 4]);
  assert.deepEqual([...columnRuns(20, 0)], [{ first: 0, count: 20 }]);
});

Deno.test("columnsOf() turns the activations of questions into those of features", () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6); // two questions, three features
  assert.deepEqual(columnsOf(values, { first: 32, count: 3 }, 2), {
    first: 32,
    count: 3,
    questions: 2,
    values: Float32Array.of(1, 4, 2, 5, 3, 6),
  });
});
