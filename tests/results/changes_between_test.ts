import assert from "node:assert/strict";
import { changesBetween } from "../../lib/results/changes_between.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { layerRecord } from "../support/layer_results.ts";

/** A record that was changed in one place. */
function changed(change: (record: LayerRecord) => void): LayerRecord {
  const record = structuredClone(layerRecord());
  change(record);
  return record;
}

const COUNTS: readonly [what: string, said: string, change: (record: LayerRecord) => void][] = [
  ["the layer", "layer 6 before, 5 now", (record) => record.layer = 5],
  [
    "the threshold",
    "activation threshold 0.1 before, 0.2 now",
    (record) => record.activation_threshold = 0.2,
  ],
  [
    "the number of questions",
    "2 questions of birth_city before, 3 now",
    (record) => record.relations[1]!.questions = 3,
  ],
  ["a relation's key", "other relations", (record) => record.relations[1]!.key = "university"],
  ["a relation's label", "other relations", (record) => record.relations[1]!.label = "Town"],
  ["a relation's slot", "other relations", (record) => record.relations[0]!.index = 4],
  ["the order of relations", "other relations", (record) => record.relations.reverse()],
  ["a relation fewer", "other relations", (record) => record.relations.pop()],
  [
    "the encoder",
    "another encoder in the SAE's checkpoint",
    (record) => record.checkpoint.encoder_sha256 = "c1".repeat(32),
  ],
  [
    "the decoder",
    "another decoder in the SAE's checkpoint",
    (record) => record.checkpoint.decoder_sha256 = "c1".repeat(32),
  ],
  [
    "an input's content",
    "another config.json",
    (record) => record.provenance.input_sha256["lm/config.json"] = "ff".repeat(32),
  ],
  [
    "an input more",
    "tokenizer_config.json is a new input",
    (record) => record.provenance.input_sha256["lm/tokenizer_config.json"] = "ff".repeat(32),
  ],
  [
    "an input fewer",
    "config.json is no input any more",
    (record) => delete record.provenance.input_sha256["lm/config.json"],
  ],
  [
    "being the deepest layer",
    "it is now the deepest layer asked for, whose last block is computed for the last tokens only",
    (record) => record.provenance.deepest_layer = 6,
  ],
  [
    "the device",
    "device wasm (onnxruntime-web, onnxruntime wasm) before, cpu (onnxruntime-web, onnxruntime " +
    "wasm) now",
    (record) => record.provenance.backend.device = "cpu",
  ],
  [
    "what the device is",
    "device wasm (onnxruntime-web, onnxruntime wasm) before, wasm (another, onnxruntime wasm) now",
    (record) => record.provenance.backend.name = "another",
  ],
  [
    "what ran the language model",
    "device wasm (onnxruntime-web, onnxruntime wasm) before, wasm (onnxruntime-web, native, " +
    "onnxruntime wasm) now",
    (record) => record.provenance.backend.language_model = "native",
  ],
  [
    "what encoded",
    "device wasm (onnxruntime-web, onnxruntime wasm) before, wasm (onnxruntime-web, onnxruntime " +
    "wasm, WGSL) now",
    (record) => record.provenance.backend.encoder = "WGSL",
  ],
  [
    "the position",
    "other prompts, or another position in them",
    (record) => record.provenance.options.position = "mean",
  ],
  [
    "the field of persons",
    "persons by the field person_id before, by who now",
    (record) => record.provenance.options.cluster_field = "who",
  ],
  [
    "a version",
    "coact 0.1.0 before, 0.2.0 now",
    (record) => record.provenance.versions.coact = "0.2.0",
  ],
  [
    "a library more",
    "npyjs none before, 1.2.0 now",
    (record) => record.provenance.versions.npyjs = "1.2.0",
  ],
];

for (const [what, said, change] of COUNTS) {
  Deno.test(`results are used again only with the same: ${what}`, () => {
    const now = changed(change);
    assert.deepEqual(changesBetween(layerRecord(), now), [said]);
  });
}

const IS_INDIFFERENT: readonly [what: string, change: (record: LayerRecord) => void][] = [
  ["which deeper layer is the deepest", (record) => record.provenance.deepest_layer = 7],
  ["which layers were asked for", (record) => record.provenance.options.layers = "6,11"],
  ["that the usual field of persons is named", ({ provenance }) => {
    provenance.options.cluster_field = "person_id";
  }],
  ["where inputs lie", ({ provenance }) => {
    const [questions, config] = Object.values(provenance.input_sha256);
    provenance.input_sha256 = { "gpt2/config.json": config!, "qa/questions.jsonl": questions! };
  }],
  ["where the checkpoint lies", (record) => record.checkpoint.path = "elsewhere/sae_best.pt"],
  ["how much of the checkpoint was read", (record) => record.checkpoint.bytes_read = 1],
  ["why the device was chosen", (record) => record.provenance.backend.reason = "asked for"],
  ["how the device was asked for", (record) => record.provenance.backend.requested = "wasm"],
  ["the hashes of the files", (record) => record.files_sha256 = {}],
  ["that a decoder is absent, said by null", (record) => record.checkpoint.decoder_sha256 = null],
];

for (const [what, change] of IS_INDIFFERENT) {
  Deno.test(`results are used again whatever: ${what}`, () => {
    const now = changed(change);
    assert.deepEqual(changesBetween(layerRecord(), now), []);
  });
}

Deno.test("the embeddings do not depend on the deepest layer, even where they are it", () => {
  const of = (deepest_layer: number) => {
    return layerRecord({ layer: 0, provenance: { ...layerRecord().provenance, deepest_layer } });
  };
  assert.deepEqual(changesBetween(of(0), of(11)), []);
});

Deno.test("every change is named, not the first alone", () => {
  const now = changed((record) => {
    record.activation_threshold = 0.3;
    record.provenance.versions.coact = "0.2.0";
  });
  assert.deepEqual(changesBetween(layerRecord(), now), [
    "activation threshold 0.1 before, 0.3 now",
    "coact 0.1.0 before, 0.2.0 now",
  ]);
});
