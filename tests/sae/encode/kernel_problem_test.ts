import assert from "node:assert/strict";
import { trialNumbers } from "../../../lib/sae/encode/kernel_problem.ts";

Deno.test("trialNumbers() are the ones that computing each would give", () => {
  for (const count of [0, 1, 1012, 1013, 1014, 4000, 3 * 2 ** 20]) {
    const each = Float32Array.from({ length: count }, (_, i) => ((i * 7919) % 1013) / 1013 - 0.5);
    assert.deepEqual(trialNumbers(count), each);
  }
});

Deno.test("trialNumbers() are as good as never 0, and no row of a matrix is like the next", () => {
  const width = 768;
  const values = trialNumbers(64 * width);
  assert(values.filter((value) => value === 0).length < values.length / 500);
  for (let row = 1; row < 64; row++) {
    const [before, now] = [row - 1, row].map((at) => values.subarray(at * width, (at + 1) * width));
    assert.notDeepEqual(before, now);
  }
});
