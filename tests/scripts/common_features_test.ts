import assert from "node:assert/strict";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { runScript } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("scripts/common_features.ts makes the common features of all layers on disk", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 6 }));
  await writeLayerResult(directory.path, traditionalResult({ layer: 7 }));
  Deno.removeSync(`${directory.path}/layer06_common_features.json`);

  const args = ["--layers", "all", "--output_dir", directory.path];
  const { code, out, err } = await runScript("common_features", args);

  assert.equal(code, 0, err);
  assert.equal(err, "");
  assert.match(
    out,
    /^wrote .*layer06_common_features\.json .*\nnothing of layer 7: .*traditional and has no slots\n$/,
  );
  const file = Deno.readTextFileSync(`${directory.path}/layer06_common_features.json`);
  assert.deepEqual(JSON.parse(file).birth_date, {
    n_samples: 2,
    n_consistent_features: 3,
    n_consistent_free: 2,
    n_consistent_slots: 1,
    consistent_free_indices: [0, 1],
    consistent_slot_indices: [0],
    consistency_scores: {
      free_features_max: 1,
      target_slot_consistency: 1,
      other_slots_consistency: [0.5],
    },
  });
});
