import assert from "node:assert/strict";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { trialStates, trialTokens } from "../../lib/doctor/trial_tokens.ts";

Deno.test("trialTokens() takes all tokens but the first; of a prompt of one token that", () => {
  const { prompts, tokens } = trialTokens([[5, 6, 7], [8], [9, 10]]);
  assert.deepEqual(prompts, [[5, 6, 7], [8], [9, 10]]);
  assert.deepEqual(tokens, [[1, 2], [0], [1]]);
});

Deno.test("trialTokens() takes few prompts of many, and few tokens of long ones, spread over all", () => {
  const many = Array.from({ length: 320 }, (_, i) => Array<number>(101).fill(i));
  const { prompts, tokens } = trialTokens(many);
  assert.equal(prompts.length, 32);
  assert.deepEqual([prompts[0]![0], prompts[31]![0]], [5, 315]);
  for (const own of tokens) assert.deepEqual(own, [7, 19, 32, 44, 57, 69, 82, 94]);
});

Deno.test("trialStates() halves prompts, not the tokens of one", () => {
  const tokens = [[1, 2], [1], [1, 2]];
  const states = trialStates({ at: () => rowsInMemory(new Float32Array(5), 1) }, {
    prompts: [],
    tokens,
  });
  assert.deepEqual([0, 1, 2, 3, 4].map(states.halfOf!), [0, 0, 1, 0, 0]);
});
