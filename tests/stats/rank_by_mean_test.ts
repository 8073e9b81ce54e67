import assert from "node:assert/strict";
import { rankByMean } from "../../lib/stats/rank_by_mean.ts";

// Means over the rows: 2, 3, 1, 3, 9.
const matrix = Float32Array.of(...[4, 3, 2, 1, 9], ...[0, 3, 0, 5, 9]);
const shape = { rows: 2, stride: 5, end: 5 };

Deno.test("rankByMean() puts the highest mean first, of equal ones the lower feature", () => {
  assert.deepEqual(rankByMean(matrix, shape, 5), [4, 1, 3, 0, 2]);
});

Deno.test("rankByMean() leaves out what comes after the end", () => {
  assert.deepEqual(rankByMean(matrix, { ...shape, end: 4 }, 2), [1, 3]);
});

Deno.test("rankByMean() gives all features if more are asked for", () => {
  assert.equal(rankByMean(matrix, shape, 50).length, 5);
});
