import assert from "node:assert/strict";
import { controlOf } from "../../lib/comparison/comparison_files.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";

/** What it needs of a record. */
function record(options: Record<string, unknown> = {}): LayerRecord {
  const known = { layer: 0, hidden_state: "hidden_states[0]", provenance: { options } };
  return known as unknown as LayerRecord;
}

Deno.test("a layer is the control only if it sees nothing but the length in both runs", () => {
  assert.equal(controlOf([record(), record()]), 0);
  assert.equal(controlOf([record(), record({ position: -2 })]), undefined);
  assert.equal(controlOf([record({ position: -2 }), record()]), undefined);
  // Prompts that are not made by coact may end with any token.
  for (const own of ["text_field", "prompt_template", "ids_field"]) {
    assert.equal(controlOf([record({ [own]: "x" }), record({ [own]: "x" })]), undefined, own);
  }
});
