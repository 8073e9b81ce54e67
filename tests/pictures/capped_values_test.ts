import assert from "node:assert/strict";
import { cappedValues } from "../../lib/pictures/capped_values.ts";

Deno.test("cappedValues() end the scale where 95 % of the active features stay within", () => {
  // Features 0 to 99 are up to 1, 2, … 100, each in one of two rows; those behind them are never active.
  const matrix = new Float32Array(2 * 150);
  for (let feature = 0; feature < 100; feature++) {
    matrix[(feature % 2) * 150 + feature] = feature % 2 ? -1 - feature : 1 + feature;
  }
  const { values, notes } = cappedValues(matrix, 150);
  assert.equal(Math.max(...values), 95);
  assert.equal(Math.min(...values), -95);
  assert.deepEqual([values[94], values[150 + 93]], [95, -94]);
  assert.deepEqual(notes, [
    "the scale ends at 95: 5 of 100 active features go beyond it and have its last colour",
  ]);
});

Deno.test("cappedValues() leave values as they are where no feature stands out, or none is active", () => {
  for (const matrix of [Float32Array.of(2, 0, 2, 0), new Float32Array(4)]) {
    assert.deepEqual(cappedValues(matrix, 2), { values: matrix, notes: [] });
  }
});
