import assert from "node:assert/strict";
import { meanDirections } from "../../../lib/analysis/statistics/mean_directions.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";

Deno.test("a direction leads from the mean of the others to that of the group, and has length 1", () => {
  const states = rowsInMemory(Float32Array.of(5, 0, 3, 0, 0, 4, 0, 0), 2);
  const design = { groups: [0, 0, 1, 1], groupCount: 2, isFitted: [1, 1, 1, 1] };
  const found = meanDirections(states, design); // means 4,0 and 0,2
  const [x, y] = [4 / Math.sqrt(20), -2 / Math.sqrt(20)];
  [x, y, -x, -y].forEach((each, i) => assert(Math.abs(found[i]! - each) < 1e-6));
});

Deno.test("questions on which nothing is fitted change nothing; of several states the mean counts", () => {
  const plain = rowsInMemory(Float32Array.of(1, 2, 7, 1), 2);
  const design = { groups: [0, 1], groupCount: 2, isFitted: [1, 1] };
  const pooled = rowsInMemory(Float32Array.of(0, 4, 2, 0, 7, 1, 9, 9, 8, 8), 2);
  assert.deepEqual(
    meanDirections(pooled, {
      groups: [0, 1, 0],
      groupCount: 2,
      isFitted: [1, 1, 0],
      stateCounts: [2, 1, 2],
    }),
    meanDirections(plain, design),
  );
});

Deno.test("where a side has no question, or the means are the same, there is no direction", () => {
  const same = rowsInMemory(Float32Array.of(1, 2, 1, 2), 2);
  const design = { groups: [0, 1], groupCount: 2, isFitted: [1, 1] };
  assert.deepEqual(meanDirections(same, design), new Float32Array(4));
  assert.deepEqual(meanDirections(same, { ...design, isFitted: [1, 0] }), new Float32Array(4));
});
