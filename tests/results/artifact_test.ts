import assert from "node:assert/strict";
import { hasSlots, isMadeOf, matrixShape, questionCount } from "../../lib/results/artifact.ts";
import { layerRecord, traditionalResult } from "../support/layer_results.ts";

Deno.test("questionCount() adds the questions of all relations", () => {
  const [first, second] = layerRecord().relations;
  const relations = [{ ...first!, questions: 3 }, { ...second!, questions: 4 }];
  assert.equal(questionCount(layerRecord({ relations })), 7);
});

Deno.test("matrixShape() has a row for each relation and a column for each feature", () => {
  assert.deepEqual(matrixShape(layerRecord()), [2, 5]);
});

Deno.test("isMadeOf() says that a layer without slots has nothing that needs them", () => {
  const traditional = traditionalResult().record;
  const artifact = { file: "x.json", isOf: hasSlots };
  assert.equal(isMadeOf(artifact, layerRecord()), true);
  assert.equal(isMadeOf(artifact, traditional), false);
  assert.equal(isMadeOf({ file: "x.json" }, traditional), true);
});
