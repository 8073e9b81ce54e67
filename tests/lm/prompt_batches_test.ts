import assert from "node:assert/strict";
import { batchPrompts } from "../../lib/lm/prompt_batches.ts";

Deno.test("batchPrompts() puts prompts of equal length together, from short to long", () => {
  assert.deepEqual(batchPrompts([3, 1, 3, 2, 1], 100), [
    { prompts: [1, 4], length: 1 },
    { prompts: [3], length: 2 },
    { prompts: [0, 2], length: 3 },
  ]);
});

Deno.test("batchPrompts() keeps batches within the limit of tokens", () => {
  const batches = batchPrompts([4, 4, 4, 4, 4], 9);
  assert.deepEqual(batches.map(({ prompts }) => prompts), [[0, 1], [2, 3], [4]]);
});

Deno.test("batchPrompts() lets a prompt that is longer than the limit run alone", () => {
  assert.deepEqual(batchPrompts([50, 50], 9).map(({ prompts }) => prompts), [[0], [1]]);
});
