import assert from "node:assert/strict";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { dependOnLength, seesOnlyLength } from "../../lib/results/sees_only_length.ts";
import { QUESTION_FIELDS } from "../../lib/results/selectivity_files.ts";

const OWN = ["text_field", "prompt_template", "ids_field", "position"];

function record(layer: number, options: Record<string, string> = {}): LayerRecord {
  return {
    layer,
    hidden_state: `hidden_states[${layer}]`,
    provenance: { options },
  } as unknown as LayerRecord;
}

/** Listed features of prompts of so many tokens. */
function listed(tokens: readonly number[], ...features: readonly number[][]) {
  const rows = tokens.map((count) => QUESTION_FIELDS.map((name) => name === "tokens" ? count : 0));
  return {
    record: { listed: [...features.keys()] },
    activations: Float32Array.from(features.flat()),
    questions: Int32Array.from(rows.flat()),
  };
}

const BY_LENGTH = listed([5, 6, 5, 7], [1, 2, 1, 0], [0, 0, 0, 3]);
const BY_WORDS = listed([5, 6, 5, 7], [1, 2, 1, 0], [0, 0, 0.1, 3]);

Deno.test("layer 0 sees only the length of AlignSAE's prompts, which all end alike", () => {
  assert.equal(seesOnlyLength(record(0), BY_WORDS), true);
  assert.equal(seesOnlyLength(record(0, { label_field: "topic" }), BY_WORDS), true);
});

Deno.test("layer 0 sees the last word of prompts that are a reader's own, or another position", () => {
  for (const option of OWN) {
    assert.equal(seesOnlyLength(record(0, { [option]: "x" }), BY_WORDS), false, option);
  }
});

Deno.test("layer 0 sees only the length of a reader's own prompts if equally long ones activate alike", () => {
  for (const option of OWN) {
    assert.equal(seesOnlyLength(record(0, { [option]: "x" }), BY_LENGTH), true, option);
  }
});

Deno.test("no other layer is the control, whatever its features look like", () => {
  assert.equal(seesOnlyLength(record(1), BY_LENGTH), false);
});

Deno.test("features depend on length alone if each is the same in all prompts of equal length", () => {
  assert.equal(dependOnLength(BY_LENGTH), true);
  assert.equal(dependOnLength(BY_WORDS), false);
  // What two ways of adding up in float32 may differ by is no difference.
  assert.equal(dependOnLength(listed([5, 5], [1, 1.00005])), true);
  assert.equal(dependOnLength(listed([5, 5], [1, 1.0002])), false);
});

Deno.test("where no two prompts are equally long, or no listed feature is active, it cannot be told", () => {
  assert.equal(dependOnLength(listed([5, 6, 7], [1, 1, 1])), null);
  assert.equal(dependOnLength(listed([5, 5])), null);
  assert.equal(dependOnLength(listed([5, 5], [0, 0], [0, 0])), null);
  assert.equal(dependOnLength(listed([5, 5], [0, 0], [1, 1])), true);
  assert.equal(seesOnlyLength(record(0, { text_field: "x" }), listed([5, 6], [1, 1])), false);
});
