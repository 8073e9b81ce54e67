import assert from "node:assert/strict";
import {
  commonFeatures,
  commonFeaturesFileSchema,
  commonFeaturesOf,
} from "../../../lib/results/artifacts/common_features.ts";
import { writeTable } from "../../../lib/results/table_file.ts";
import { readLayerArray, readLayerRecord } from "../../../lib/results/layer_result.ts";
import { writeLayerResult } from "../../../lib/results/write_layer.ts";
import { GOLDEN, goldenJson, goldenMatrix, goldenRecord } from "../../support/golden.ts";
import { layerRecord, layerResult, traditionalResult } from "../../support/layer_results.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { testSchema } from "../../support/schema_cases.ts";

for (const layer of GOLDEN.supervised.layers) {
  Deno.test(`commonFeaturesOf() gives the reference's features of layer ${layer}`, async () => {
    const record = goldenRecord("supervised", layer);
    const consistency = await goldenMatrix("supervised", layer, "golden64/consistency");
    assert.deepEqual(
      commonFeaturesOf({ record, consistency }),
      goldenJson("supervised", layer, "common_features"),
    );
  });
}

Deno.test("commonFeaturesOf() finds the slots of relations that are a part of all", () => {
  const relations = layerRecord().relations.slice(1);
  const consistency = Float64Array.of(0, 0.5, 0, /* slots */ 0.25, 0.75);
  const file = commonFeaturesOf({ record: layerRecord({ relations }), consistency });
  assert.deepEqual(Object.keys(file), ["birth_city"]);
  const { n_samples, consistency_scores } = file["birth_city"]!;
  assert.equal(n_samples, 2);
  assert.equal(consistency_scores.target_slot_consistency, 0.75);
  assert.deepEqual(consistency_scores.other_slots_consistency, [0.25]);
});

Deno.test("writeTable() of the common features writes what its schema accepts, and says where", async () => {
  using directory = new TemporaryDirectory();
  const [path] = await writeTable(directory.path, commonFeatures, layerResult());
  assert.equal(path, `${directory.path}/layer06_common_features.json`);
  const written = JSON.parse(Deno.readTextFileSync(path!));
  assert.deepEqual(commonFeaturesFileSchema.parse(written), commonFeaturesOf(layerResult()));
});

Deno.test("writeTable() of the common features writes nothing for a traditional SAE", async () => {
  using directory = new TemporaryDirectory();
  assert.deepEqual(await writeTable(directory.path, commonFeatures, traditionalResult()), []);
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
});

Deno.test("writeTable() of the common features writes the same bytes from memory and from disk", async () => {
  using directory = new TemporaryDirectory();
  const result = layerResult();
  result.consistency.set([1 / 3, 2 / 3], 1); // as float32, they would be others
  await writeLayerResult(directory.path, result);
  const [path] = await writeTable(directory.path, commonFeatures, result);
  const fromMemory = Deno.readTextFileSync(path!);
  const record = await readLayerRecord(directory.path, 6);
  const consistency = await readLayerArray(directory.path, record, "consistency");
  await writeTable(directory.path, commonFeatures, { record, consistency });
  assert.equal(Deno.readTextFileSync(path!), fromMemory);
});

testSchema("the common features", {
  schema: commonFeaturesFileSchema,
  value: commonFeaturesOf(layerResult()),
}, [
  ["more samples than there can be", (file) => file.birth_date.n_samples = 1e15],
  [
    "a consistency beyond 1",
    (file) => file.birth_date.consistency_scores.target_slot_consistency = 1.5,
  ],
  ["a negative count", (file) => file.birth_date.n_consistent_free = -1],
  ["no samples", (file) => file.birth_date.n_samples = 0],
  ["an unknown field", (file) => file.birth_date.extra = 1],
]);

Deno.test("the schema of the common features accepts the reference's files", () => {
  for (const layer of GOLDEN.supervised.layers) {
    commonFeaturesFileSchema.parse(goldenJson("supervised", layer, "common_features"));
  }
});
