import assert from "node:assert/strict";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { readSummary } from "../../lib/results/summary_file.ts";
import { layerResult } from "../support/layer_results.ts";
import { runScript } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("scripts/summary.ts compares all layers on disk, in the file and on the terminal", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 0 }));
  await writeLayerResult(directory.path, layerResult({ layer: 6 }));

  const { code, out, err } = await runScript("summary", ["--output_dir", directory.path]);

  assert.equal(code, 0, err);
  assert.equal(err, "");
  const { layers, layers_analyzed } = await readSummary(directory.path);
  assert.deepEqual(layers_analyzed, [0, 6]);
  assert.deepEqual(layers.map(({ binding_accuracy }) => binding_accuracy), [0.75, 0.75]);
  assert.match(out, /^ +0 +supervised +3\+2 +3\.000 +0\.750 +75\.0 %$/m);
  assert.match(out, /^ +6 +supervised +3\+2 +3\.000 +0\.750 +75\.0 %$/m);
  assert.match(out, /wrote .*analysis_summary\.json \(2 layers\)\n$/);
});
