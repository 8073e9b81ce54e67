import assert from "node:assert/strict";
import { fromFile, toFile } from "../../lib/results/file_counts.ts";
import { layerRecord } from "../support/layer_results.ts";

Deno.test("toFile() calls the numbers of features as AlignSAE does, and keeps the order of the fields", () => {
  assert.equal(
    JSON.stringify(toFile({ sae: "supervised", freeCount: 3, slotCount: 2, d_model: 4 })),
    '{"sae":"supervised","n_free":3,"n_relation":2,"d_model":4}',
  );
});

Deno.test("toFile() keeps what is not known", () => {
  const { n_free, n_relation } = toFile({ freeCount: null, slotCount: null });
  assert.deepEqual([n_free, n_relation], [null, null]);
});

Deno.test("fromFile() gives back what toFile() was given", () => {
  const record = layerRecord();
  const back = fromFile<typeof record>(toFile(record));
  assert.deepEqual(back, record);
  assert.deepEqual(Object.keys(back), Object.keys(record));
});
