/** Which rows the states of tokens go to. */
import assert from "node:assert/strict";
import { sharedRowsOf } from "../../lib/lm/kept_tokens.ts";

Deno.test("the shortest of the prompts that begin alike gives its states to all of them", () => {
  const prompts = [[5, 6, 7], [5, 6], [6, 5], [5, 8, 7]];
  const tokens = prompts.map((prompt) => [...prompt.keys()]);
  assert.deepEqual(sharedRowsOf(prompts, tokens), [
    [],
    [],
    [2],
    [3, 0, 7], // 5
    [4, 1], // 5 6
    [5],
    [6],
    [],
    [8],
    [9],
  ]);
});

Deno.test("a beginning counts where its last token is kept, and is another after other tokens", () => {
  const prompts = [[0, 5, 6], [0, 5], [1, 5]];
  assert.deepEqual(sharedRowsOf(prompts, [[1, 2], [1], [1]]), [[], [1], [2, 0], [3]]);
});

Deno.test("where one token of each prompt is kept, there is nothing to share", () => {
  assert.equal(sharedRowsOf([[1, 2], [1]], undefined), undefined);
  assert.equal(sharedRowsOf([[1, 2], [1]], [[1], [0]]), undefined);
});
