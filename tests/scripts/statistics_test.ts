import assert from "node:assert/strict";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { statisticsFileSchema } from "../../lib/results/artifacts/statistics.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { runScript } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("scripts/statistics.ts makes the statistics of the layers named", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 0 }));
  await writeLayerResult(directory.path, layerResult({ layer: 6 }));
  await writeLayerResult(directory.path, traditionalResult({ layer: 7 }));
  for (const layer of [0, 6, 7]) {
    Deno.removeSync(`${directory.path}/layer0${layer}_statistics.json`);
  }

  const args = ["--layers", "6-7", "--output_dir", directory.path];
  const { code, out, err } = await runScript("statistics", args);

  assert.equal(code, 0, err);
  assert.equal(err, "");
  assert.match(
    out,
    /wrote .*layer06_statistics\.json \(2 × 5, .*\nwrote .*layer07_statistics\.json/,
  );
  const supervised = read(directory, "layer06_statistics.json");
  assert.deepEqual(supervised["birth_city"], {
    free_features_mean: -0.25,
    free_features_std: 0.5400617248673217, // by NumPy, of -1, 0.25 and 0
    free_features_max: 0.25,
    relation_slots: [1, 2],
    target_slot_activation: 2,
    other_slots_mean: 1,
    top_100_features: {
      indices: [4, 3, 1, 2, 0],
      values: [2, 1, 0.25, 0, -1],
      n_free_in_top100: 3,
      n_slots_in_top100: 2,
    },
  });
  const traditional = read(directory, "layer07_statistics.json");
  assert.deepEqual(traditional["birth_city"]?.top_100_features, {
    indices: [4, 3, 1, 2, 0],
    values: [2, 1, 0.25, 0, -1],
  });
  assert.throws(() => read(directory, "layer00_statistics.json"), Deno.errors.NotFound);
});

Deno.test("scripts/statistics.ts exits 1 with one line for a layer without an analysis", async () => {
  using directory = new TemporaryDirectory();
  const { code, out, err } = await runScript("statistics", [`--output-dir=${directory.path}`]);
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /^error: .* holds no analysis; make one with: deno task analyze .*\n$/);
});

Deno.test("scripts/statistics.ts exits 2 with one line for an unknown option", async () => {
  const { code, out, err } = await runScript("statistics", ["--layer", "6"]);
  assert.equal(code, 2);
  assert.equal(out, "");
  assert.equal(err, "error: unknown option '--layer'; did you mean --layers?\n");
});

function read(directory: TemporaryDirectory, name: string) {
  return statisticsFileSchema.parse(
    JSON.parse(Deno.readTextFileSync(`${directory.path}/${name}`)),
  );
}
