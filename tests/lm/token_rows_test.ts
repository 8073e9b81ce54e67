import assert from "node:assert/strict";
import { compactPrompts } from "../../lib/lm/token_rows.ts";

Deno.test("compactPrompts() numbers the tokens of all prompts in their order", () => {
  const { rows, prompts } = compactPrompts([[700, 3, 700], [9], [3, 256_000]]);
  assert.deepEqual(rows, [3, 9, 700, 256_000]);
  assert.deepEqual(prompts, [[2, 0, 2], [1], [0, 3]]);
});

Deno.test("compactPrompts() takes a hundred thousand prompts", () => {
  const { rows } = compactPrompts(Array.from({ length: 100_000 }, (_, i) => [i % 7, 3, 2]));
  assert.deepEqual(rows, [0, 1, 2, 3, 4, 5, 6]);
});
