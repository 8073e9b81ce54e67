import assert from "node:assert/strict";
import { captionOf, controlsOf } from "../../lib/comparison/comparison_files.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";

/** What it needs of a record. */
function record(options: Record<string, unknown> = {}, freeCount = 48): LayerRecord {
  const known = {
    layer: 0,
    hidden_state: "hidden_states[0]",
    sae: "unsupervised",
    freeCount,
    slotCount: 0,
    relations: [{ questions: 5 }],
    provenance: { options },
  };
  return known as unknown as LayerRecord;
}

/** Whether the only layer is the control. */
function isControl(...records: [LayerRecord, LayerRecord]): boolean {
  return controlsOf([{ layer: 0, records }]).length === 1;
}

Deno.test("a layer is the control only if it sees nothing but the length in both runs", () => {
  assert.equal(isControl(record(), record()), true);
  assert.equal(isControl(record(), record({ position: -2 })), false);
  assert.equal(isControl(record({ position: -2 }), record()), false);
  // Prompts that are not made by coact may end with any token.
  for (const own of ["text_field", "prompt_template", "ids_field"]) {
    assert.equal(isControl(record({ [own]: "x" }), record({ [own]: "x" })), false, own);
  }
});

Deno.test("of several SAEs at one site each is the control, and the caption names the sizes of all", () => {
  const layers = [["layer00_w48", 48], ["layer00_w128", 128]].map(([layer, features]) => ({
    layer: String(layer),
    records: [record({}, Number(features)), record({}, 2 * Number(features))] as const,
  }));
  assert.deepEqual(controlsOf(layers), ["layer00_w48", "layer00_w128"]);
  const [a, b] = captionOf(layers);
  assert.match(a!, /^A: .*48 features; .*128 features, 5 questions per relation$/);
  assert.match(b!, /^B: .*96 features; .*256 features, 5 questions per relation$/);
});
