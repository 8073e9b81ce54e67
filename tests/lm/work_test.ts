import assert from "node:assert/strict";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { workOf } from "../../lib/lm/work.ts";

const OPTIONS = {
  lmModel: "demo/lm",
  saeDirectory: "demo/sae",
  questionFile: "demo/data/qa_test_id.jsonl",
  samplesPerRelation: 3,
  threshold: 0.1,
};

Deno.test("workOf() counts the products of the blocks for all tokens, and those of the encoders", async () => {
  const plan = await planAnalysis({ ...OPTIONS, layers: [0, 5] });
  const { n_embd: width } = plan.model.config;
  const tokens = plan.prompts.flat().length;
  const blocks = 5 * (3 + 1 + 4 + 4) * width ** 2; // q, k, v; their output; in and out of the MLP
  const encoders = 2 * 1006 * width;
  assert.equal(workOf(plan).operations, 2 * (tokens * blocks + plan.prompts.length * encoders));
});

Deno.test("workOf() counts the encoders for each token that is pooled", async () => {
  const plan = await planAnalysis({ ...OPTIONS, layers: [0] });
  const encoder = 1006 * plan.model.config.n_embd;
  const pooled = { tokens: plan.prompts.map(() => [1, 2, 3]) };
  const { operations } = workOf({ ...plan, pooled });
  assert.equal(operations, 2 * 3 * plan.prompts.length * encoder);
});

Deno.test("workOf() counts no block for the embeddings", async () => {
  const plan = await planAnalysis({ ...OPTIONS, layers: [0] });
  const encoder = 1006 * plan.model.config.n_embd;
  assert.equal(workOf(plan).operations, 2 * plan.prompts.length * encoder);
});
