import assert from "node:assert/strict";
import { slotsOf } from "../../lib/results/layer_slots.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";

Deno.test("slotsOf() are the last columns of the activation matrix", () => {
  assert.deepEqual([...slotsOf(layerResult()).means], [4, 0.5, 1, 2]);
  assert.deepEqual([...slotsOf(traditionalResult()).means], []);
});
