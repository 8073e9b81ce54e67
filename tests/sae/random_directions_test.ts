import assert from "node:assert/strict";
import { RandomDirections } from "../../lib/sae/random_directions.ts";

Deno.test("random rows have the lengths that are given, and each the same direction again", () => {
  const norms = [1, 0, 2.5, 3];
  const directions = new RandomDirections(4);
  const all = directions.rows(norms, 7);
  norms.forEach((norm, i) => {
    const row = all.subarray(i * 7, (i + 1) * 7);
    const length = Math.sqrt(row.reduce((sum, each) => sum + each * each, 0));
    assert(Math.abs(length - norm) < 1e-6); // rows are rounded to float32
  });
  assert.deepEqual(directions.rows(norms, 7), all, "those that were kept");
  assert.deepEqual(new RandomDirections(4).rows(norms, 7), all, "those that are drawn again");
  assert.deepEqual(directions.rows([1, 0], 7), all.slice(0, 14), "whatever comes after them");
  assert.deepEqual(directions.rows([2], 7), all.slice(0, 7).map((each) => 2 * each));
});

Deno.test("another seed, width or stream has other directions", () => {
  const directions = new RandomDirections(4);
  const row = directions.rows([1], 7);
  assert.notDeepEqual(new RandomDirections(5).rows([1], 7), row);
  assert.notDeepEqual(directions.rows([1], 7, 1), row);
  assert.notDeepEqual(directions.rows([1], 8).slice(0, 7), row);
});

Deno.test("random directions are as likely as any: none is preferred", () => {
  const rows = new RandomDirections(1).rows(Array(4000).fill(1), 3);
  for (let k = 0; k < 3; k++) {
    const column = rows.filter((_, i) => i % 3 === k);
    const mean = column.reduce((sum, each) => sum + each, 0) / 4000;
    const square = column.reduce((sum, each) => sum + each * each, 0) / 4000;
    // Four standard errors.
    assert(Math.abs(mean) < 0.037 && Math.abs(square - 1 / 3) < 0.019);
  }
});
