import assert from "node:assert/strict";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { layerRecord, layerResult, traditionalResult } from "../support/layer_results.ts";

Deno.test("summarizeLayer() says how well the slots of a layer work", () => {
  assert.deepEqual(summarizeLayer(layerResult()), {
    layer: 6,
    hidden_state: "hidden_states[6]",
    sae: "supervised",
    freeCount: 3,
    slotCount: 2,
    mean_diagonal: 3, // (4 + 2) / 2
    mean_off_diagonal: 0.75, // (0.5 + 1) / 2
    binding_accuracy: 0.75, // three of four questions
    binding_accuracy_by_relation: { birth_date: 1, birth_city: 0.5 },
    checkpoint: layerRecord().checkpoint,
  });
});

Deno.test("summarizeLayer() goes by the slots of relations that are a part of all", () => {
  const relations = layerRecord().relations.slice(1);
  const summary = summarizeLayer({
    record: layerRecord({ relations }),
    means: Float32Array.of(-1, 0.25, 0, /* slots */ 1, 2),
    consistency: new Float64Array(0),
    slotActivations: Float32Array.of(
      ...[2, 1],
      ...[0, 3],
    ),
  });
  assert.equal(summary.mean_diagonal, 2);
  assert.equal(summary.mean_off_diagonal, 1);
  assert.deepEqual(summary.binding_accuracy_by_relation, { birth_city: 0.5 });
});

Deno.test("summarizeLayer() counts questions, not relations, for the accuracy of all", () => {
  const [first, second] = layerRecord().relations;
  const relations = [{ ...first!, questions: 3 }, { ...second!, questions: 1 }];
  const { binding_accuracy } = summarizeLayer({
    record: layerRecord({ relations }),
    means: layerResult().means,
    consistency: new Float64Array(0),
    slotActivations: Float32Array.of(
      ...[1, 0], // right
      ...[0, 1], // wrong
      ...[0, 1], // wrong
      ...[0, 1], // right
    ),
  });
  assert.equal(binding_accuracy, 0.5);
});

Deno.test("summarizeLayer() of a traditional SAE has nothing to say of slots", () => {
  assert.deepEqual(summarizeLayer(traditionalResult()), {
    layer: 6,
    hidden_state: "hidden_states[6]",
    sae: "traditional",
    freeCount: 5,
    slotCount: 0,
    mean_diagonal: null,
    mean_off_diagonal: null,
    binding_accuracy: null,
    binding_accuracy_by_relation: null,
    checkpoint: layerRecord().checkpoint,
  });
});
