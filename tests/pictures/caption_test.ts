import assert from "node:assert/strict";
import { layerCaption, summaryCaption } from "../../lib/pictures/caption.ts";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { layerRecord, layerResult, traditionalResult } from "../support/layer_results.ts";

function record(lm_model: string, changes = {}) {
  const { provenance, ...rest } = layerRecord(changes);
  const options = { lm_model, qa_file: "data/generated/qa_test_id.jsonl" };
  return { ...rest, provenance: { ...provenance, options } };
}

Deno.test("layerCaption() names model, SAE, questions and layer", () => {
  assert.deepEqual(layerCaption(record("models/gpt2", { freeCount: 10_000, slotCount: 6 })), [
    "model models/gpt2",
    "supervised SAE, 10,000 free features + 6 slots, saes/layer6/sae_best.pt",
    "2 questions per relation of data/generated/qa_test_id.jsonl",
    "hidden_states[6]",
  ]);
});

Deno.test("layerCaption() keeps the end of a long path", () => {
  const [model] = layerCaption(record("/home/someone/models/base_sft/checkpoint-step-10000/"));
  assert.equal(model, "model …/models/base_sft/checkpoint-step-10000");
});

Deno.test("layerCaption() says so if the relations have different numbers of questions", () => {
  const { relations } = layerRecord();
  const uneven = relations.map((relation, i) => ({ ...relation, questions: 10 + i }));
  assert(
    layerCaption(record("gpt2", { relations: uneven })).includes(
      "10 to 11 questions per relation of data/generated/qa_test_id.jsonl",
    ),
  );
});

Deno.test("layerCaption() speaks of one question as of one", () => {
  const { relations } = layerRecord();
  const single = relations.map((relation) => ({ ...relation, questions: 1 }));
  const [, , questions] = layerCaption(record("gpt2", { relations: single }));
  assert.equal(questions, "1 question per relation of data/generated/qa_test_id.jsonl");
});

Deno.test("layerCaption() of a traditional SAE speaks of no slots", () => {
  const [, sae] = layerCaption(traditionalResult().record);
  assert.equal(sae, "traditional SAE, 5 features, saes/layer6/sae_best.pt");
});

Deno.test("summaryCaption() names every kind of SAE once", () => {
  const results = [layerResult(), layerResult({ layer: 7 }), traditionalResult({ layer: 8 })];
  const [, saes] = summaryCaption(layerRecord(), results.map(summarizeLayer));
  assert.equal(saes, "supervised SAEs, 3 free features + 2 slots; traditional SAEs, 5 features");
});

Deno.test("layerCaption() shows nothing of a path that would deceive its reader", () => {
  const [model] = layerCaption(record("models/\u202etxt\n\u200b日本"));
  assert.equal(model, "model models/\\u202etxt\\n\\u200b日本");
});

Deno.test("captions name the tokens that were asked for, where that is not the last one", () => {
  const at = (position: string) => {
    const { provenance, ...rest } = layerRecord();
    const options = { ...provenance.options, position };
    return { ...rest, provenance: { ...provenance, options } };
  };
  assert.equal(
    layerCaption(at("at:{subject}")).at(-1),
    "hidden_states[6], at the token at:{subject}",
  );
  assert.equal(
    summaryCaption(at("mean"), [layerRecord()]).at(-1),
    "layer L is hidden_states[L] pooled over the prompt's tokens (mean)",
  );
  assert.equal(
    summaryCaption(layerRecord(), [layerRecord()]).at(-1),
    "layer L is hidden_states[L] at the prompt's last token",
  );
});
