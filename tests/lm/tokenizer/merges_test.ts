import assert from "node:assert/strict";
import { Merges } from "../../../lib/lm/tokenizer/merges.ts";

Deno.test("Merges knows each of 5,000 pairs, however few were expected, and no other", () => {
  for (const expected of [0, 999.5, 5000]) {
    const merges = new Merges(expected);
    for (let i = 0; i < 5000; i++) merges.add(i % 70, Math.floor(i / 70), 100 + i);
    assert.equal(merges.count, 5000);
    for (let i = 0; i < 5000; i++) assert.equal(merges.rankOf(i % 70, Math.floor(i / 70)), i);
    assert.equal(merges.resultOf(4999), 5099);
    assert.deepEqual([merges.rankOf(70, 0), merges.rankOf(0, 72), merges.rankOf(71, 1)], [
      -1,
      -1,
      -1,
    ]);
  }
});

Deno.test("Merges lets the later of two merges of a pair count, also once it was asked", () => {
  const merges = new Merges();
  assert.equal(merges.rankOf(1, 2), -1);
  merges.add(1, 2, 3);
  merges.add(2, 1, 4);
  assert.deepEqual([merges.rankOf(1, 2), merges.resultOf(0)], [0, 3]);
  merges.add(1, 2, 5);
  assert.deepEqual([merges.rankOf(1, 2), merges.resultOf(2), merges.rankOf(2, 1)], [2, 5, 1]);
});
