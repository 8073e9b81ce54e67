import assert from "node:assert/strict";
import { featureRow } from "../../lib/stats/feature_layout.ts";

Deno.test("featureRow() divides a row into free features and slots", () => {
  const matrix = Float32Array.of(1, 2, 3, 4, 5, 6);
  const { all, free, slots } = featureRow(matrix, { freeCount: 2, slotCount: 1 }, 1);
  assert.deepEqual([...all], [4, 5, 6]);
  assert.deepEqual([...free], [4, 5]);
  assert.deepEqual([...slots], [6]);
});

Deno.test("featureRow() finds no slots in a row of a traditional SAE", () => {
  const matrix = Float64Array.of(1, 2, 3, 4);
  const { all, free, slots } = featureRow(matrix, { freeCount: 2, slotCount: 0 }, 1);
  assert.deepEqual([...all], [3, 4]);
  assert.deepEqual([...free], [3, 4]);
  assert.deepEqual([...slots], []);
});
