/** Results of a layer, small enough to check by hand. */
import type { LayerNumbers } from "../../lib/results/artifact.ts";
import { type LayerResult, makeArrays } from "../../lib/results/layer_result.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";

/** A record of two relations with two questions each, three free features and two slots. */
export function layerRecord(changes: Partial<LayerRecord> = {}): LayerRecord {
  return {
    layer: 6,
    hidden_state: "hidden_states[6]",
    sae: "supervised",
    d_model: 4,
    freeCount: 3,
    slotCount: 2,
    activation_threshold: 0.1,
    relations: [
      { index: 0, key: "birth_date", label: "Birth Date", questions: 2 },
      { index: 1, key: "birth_city", label: "Birth City", questions: 2 },
    ],
    checkpoint: {
      path: "saes/layer6/sae_best.pt",
      encoder_sha256: "c0".repeat(32),
      bytes_read: 300,
      bytes: 4000,
    },
    provenance: {
      options: { samples_per_relation: 2, layers: "all", relations: null },
      backend: {
        requested: "auto",
        device: "wasm",
        name: "onnxruntime-web",
        reason: "there is nothing else",
        language_model: "onnxruntime wasm",
        encoder: "onnxruntime wasm",
      },
      versions: { coact: "0.1.0" },
      input_sha256: { "questions.jsonl": "0a".repeat(32), "lm/config.json": "0b".repeat(32) },
      deepest_layer: 11,
    },
    ...changes,
  };
}

/** What encoding gives of the layer of {@linkcode layerRecord}. */
export function layerNumbers(): LayerNumbers {
  return {
    reductions: {
      groupSizes: [2, 2],
      featureCount: 5,
      sums: Float64Array.of(2, 6, 4, 8, 1, -2, 0.5, 0, 2, 4),
      maxima: Float32Array.of(
        ...[2, 3, 4, /* slots */ 5, 1],
        ...[-0.5, 0.5, 0, /* slots */ 2, 3],
      ),
      counts: Uint32Array.of(2, 2, 1, 2, 1, 0, 1, 0, 1, 2),
      rests: { sums: new Map(), squares: new Map() },
    },
    keptActivations: Float32Array.of(
      ...[3, 1],
      ...[5, 0],
      ...[2, 1], // the only question whose largest slot is not that of its relation
      ...[0, 3],
    ),
    questions: [
      { relation: 0, line: 1 },
      { relation: 0, line: 3 },
      { relation: 1, line: 2 },
      { relation: 1, line: 4 },
    ],
  };
}

/** The result that belongs to {@linkcode layerRecord}; every value is exact in float32. */
export function layerResult(changes: Partial<LayerRecord> = {}): LayerResult {
  const numbers = layerNumbers();
  return {
    record: layerRecord(changes),
    ...makeArrays(numbers), // whichever there are; these are written out by hand:
    means: Float32Array.of(
      ...[1, 3, 2, /* slots */ 4, 0.5],
      ...[-1, 0.25, 0, /* slots */ 1, 2],
    ),
    maxima: numbers.reductions.maxima,
    consistency: Float64Array.of(
      ...[1, 1, 0.5, /* slots */ 1, 0.5],
      ...[0, 0.5, 0, /* slots */ 0.5, 1],
    ),
    slotActivations: numbers.keptActivations,
    questions: Int32Array.of(0, 1, 0, 3, 1, 2, 1, 4),
  };
}

/** The same with a traditional SAE: five features, no slots. */
export function traditionalResult(changes: Partial<LayerRecord> = {}): LayerResult {
  return {
    ...layerResult({ sae: "traditional", freeCount: 5, slotCount: 0, ...changes }),
    slotActivations: new Float32Array(0),
  };
}
