import assert from "node:assert/strict";
import { slotsOf } from "../../lib/results/layer_slots.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";

Deno.test("slotsOf() are the last columns of the activation matrix", () => {
  assert.deepEqual([...slotsOf(layerResult()).means], [4, 0.5, 1, 2]);
  assert.deepEqual([...slotsOf(traditionalResult()).means], []);
});

Deno.test("slotsOf() holds the feature that stands out most for each relation", () => {
  // Of birth_date feature 1, whose 3 is 2.75 above birth_city's 0.25. Of birth_city none stands out
  // above birth_date, and feature 1 is the strongest.
  const { indices, means } = slotsOf(layerResult()).features;
  assert.deepEqual(indices, [1, 1]);
  assert.deepEqual([...means], [3, 3, 0.25, 0.25]);
});
