import assert from "node:assert/strict";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { seesOnlyLength } from "../../lib/results/sees_only_length.ts";

function record(layer: number, options: Record<string, string> = {}): LayerRecord {
  return {
    layer,
    hidden_state: `hidden_states[${layer}]`,
    provenance: { options },
  } as unknown as LayerRecord;
}

Deno.test("layer 0 sees only the length of AlignSAE's prompts, which all end alike", () => {
  assert.equal(seesOnlyLength(record(0)), true);
  assert.equal(seesOnlyLength(record(0, { label_field: "topic" })), true);
  assert.equal(seesOnlyLength(record(1)), false);
});

Deno.test("layer 0 sees the last word of prompts that are a reader's own, or another position", () => {
  for (const option of ["text_field", "prompt_template", "ids_field", "position"]) {
    assert.equal(seesOnlyLength(record(0, { [option]: "x" })), false, option);
  }
});
