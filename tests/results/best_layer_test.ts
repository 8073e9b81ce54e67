import assert from "node:assert/strict";
import { bestLayer } from "../../lib/results/best_layer.ts";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";

function layer(layer: number, mean_diagonal: number, mean_off_diagonal: number | null) {
  return { ...summarizeLayer(layerResult({ layer })), mean_diagonal, mean_off_diagonal };
}

Deno.test("bestLayer() has the largest gap between diagonal and off-diagonal", () => {
  const layers = [layer(0, 0.9, 0.5), layer(1, 0.8, 0.1), layer(2, 0.6, 0)];
  assert.equal(bestLayer(layers)?.layer, 1);
});

Deno.test("bestLayer() of equal ones is the first", () => {
  assert.equal(bestLayer([layer(3, 0.5, 0.25), layer(4, 0.5, 0.25)])?.layer, 3);
});

Deno.test("bestLayer() takes a missing off-diagonal for zero", () => {
  assert.equal(bestLayer([layer(0, 0.5, 0.25), layer(1, 0.5, null)])?.layer, 1);
});

Deno.test("bestLayer() needs two layers with slots to choose from", () => {
  assert.equal(bestLayer([]), undefined);
  assert.equal(bestLayer([layer(0, 1, 0), summarizeLayer(traditionalResult())]), undefined);
});
