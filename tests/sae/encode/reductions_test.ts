import assert from "node:assert/strict";
import { addTile, emptyReductions, tileQuestions } from "../../../lib/sae/encode/reductions.ts";

Deno.test("tileQuestions() never puts two groups into one tile", () => {
  assert.deepEqual(tileQuestions([3, 1, 4], 2), [
    { group: 0, first: 0, count: 2 },
    { group: 0, first: 2, count: 1 },
    { group: 1, first: 3, count: 1 },
    { group: 2, first: 4, count: 2 },
    { group: 2, first: 6, count: 2 },
  ]);
});

Deno.test("addTile() adds in float64", () => {
  const reductions = emptyReductions([2], 1);
  const tile = {
    group: 0,
    firstFeature: 0,
    maxima: Float32Array.of(0),
    counts: Float32Array.of(0),
  };
  addTile(reductions, { ...tile, sums: Float32Array.of(2 ** 24) });
  addTile(reductions, { ...tile, sums: Float32Array.of(1) });
  assert.equal(reductions.sums[0], 2 ** 24 + 1); // float32 would lose the 1
});

Deno.test("addTile() keeps the greatest maximum, negative ones too, and adds counts", () => {
  const reductions = emptyReductions([1, 4], 3);
  const tile = { group: 1, firstFeature: 1, sums: Float32Array.of(0, 0) };
  addTile(reductions, { ...tile, maxima: Float32Array.of(-2, 5), counts: Float32Array.of(0, 2) });
  addTile(reductions, { ...tile, maxima: Float32Array.of(-3, 7), counts: Float32Array.of(0, 1) });
  const none = -Infinity;
  assert.deepEqual([...reductions.maxima], [none, none, none, none, -2, 7]);
  assert.deepEqual([...reductions.counts], [0, 0, 0, 0, 0, 3]);
});
