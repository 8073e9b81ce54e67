import assert from "node:assert/strict";
import { batchPrompts, type PromptBatch } from "../../lib/lm/prompt_batches.ts";

/** The token ids of a batch's prompts, as its nodes and paths spell them. */
function spelled({ prompts, length, tokens, paths }: PromptBatch): Map<number, number[]> {
  return new Map(prompts.map((prompt, row) => {
    const path = paths.subarray(row * length, (row + 1) * length);
    return [prompt, [...path].map((node) => tokens[node]!)];
  }));
}

Deno.test("batchPrompts() puts prompts of equal length together, from short to long", () => {
  const batches = [...batchPrompts([[1, 2, 3], [4], [5, 6, 7], [8, 9], [5]], 100)];
  assert.deepEqual(batches.map(({ prompts, length }) => [length, prompts]), [
    [1, [1, 4]],
    [2, [3]],
    [3, [0, 2]],
  ]);
});

Deno.test("batchPrompts() makes a common beginning one run of nodes", () => {
  const [batch] = batchPrompts([[7, 8, 1], [7, 9, 2], [7, 8, 3]], 100);
  assert.deepEqual(batch, {
    prompts: [0, 2, 1],
    length: 3,
    tokens: Int32Array.of(7, 8, 1, 3, 9, 2),
    positions: Int32Array.of(0, 1, 2, 2, 1, 2),
    paths: Int32Array.of(0, 1, 2, 0, 1, 3, 0, 4, 5),
    firsts: Int32Array.of(0, 1, 2, 5, 7, 8),
  });
});

Deno.test("batchPrompts() does not take a token for common that follows different ones", () => {
  const [batch] = batchPrompts([[1, 5], [2, 5]], 100);
  assert.deepEqual(batch!.tokens, Int32Array.of(1, 5, 2, 5));
});

Deno.test("batchPrompts() keeps batches within the limit of nodes, and repeats what they share", () => {
  const prompts = [[7, 1], [7, 2], [7, 3], [7, 4]];
  const batches = [...batchPrompts(prompts, 3)];
  assert.deepEqual(batches.map(({ prompts }) => prompts), [[0, 1], [2, 3]]);
  assert.deepEqual(batches[1]!.tokens, Int32Array.of(7, 3, 4));
});

Deno.test("batchPrompts() lets a prompt that is longer than the limit run alone", () => {
  const prompts = [[1, 2, 3, 4, 5], [1, 2, 3, 4, 6]];
  assert.deepEqual([...batchPrompts(prompts, 3)].map(({ prompts }) => prompts), [[0], [1]]);
});

Deno.test("batchPrompts() spells every prompt, the same one twice, too", () => {
  const prompts = [[3, 1, 2], [3, 1, 2], [3, 2, 2], [1], [3, 1, 1], [2, 1, 2]];
  for (const limit of [1, 4, 100]) {
    const found = new Map(
      [...batchPrompts(prompts, limit)].flatMap((batch) => [...spelled(batch)]),
    );
    assert.deepEqual([...found].sort(([a], [b]) => a - b), [...prompts.entries()]);
  }
});
