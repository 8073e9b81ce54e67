import assert from "node:assert/strict";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { readSummary } from "../../lib/results/summary_file.ts";
import { summary } from "../../scripts/summary.ts";
import { layerResult } from "../support/layer_results.ts";
import { run } from "../support/run.ts";
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

Deno.test("summary draws its picture as it is asked to, and leaves another that shows the same", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 0 }));
  const options = ["--output_dir", directory.path, "--dpi", "20"];
  const picture = (format: string) =>
    Deno.readFileSync(`${directory.path}/all_layers_relation_slots_summary.${format}`);
  await run(summary, [...options, "--colormap", "viridis"]);
  const png = picture("png");
  assert.equal((await run(summary, [...options, "--format", "pdf"])).code, 0);
  assert.deepEqual(picture("png"), png);

  // With one layer more, the old picture says less than the file beside it.
  await writeLayerResult(directory.path, layerResult({ layer: 6 }));
  Deno.writeFileSync(`${directory.path}/all_layers_relation_slots_summary.png`, png);
  const { code, out } = await run(summary, [...options, "--format", "pdf"]);
  assert.equal(code, 0);
  assert.notDeepEqual(picture("png"), png);
  assert(out.some((line) => /wrote .*_summary\.png \(2 layers\)/.test(line)), out.join("\n"));
});

Deno.test("summary of layers that do not belong together names those that do", async () => {
  using directory = new TemporaryDirectory();
  for (const layer of [0, 2]) await writeLayerResult(directory.path, layerResult({ layer }));
  const other = layerResult({ layer: 6, activation_threshold: 0.5 });
  await writeLayerResult(directory.path, other);
  const all = await run(summary, ["--output_dir", directory.path]);
  assert.deepEqual([all.code, all.err.length], [1, 1]);
  assert.match(
    all.err[0]!,
    /different thresholds; .* belong together: --layers 0,2 or --layers 6$/,
  );
  for (const layers of ["0,2", "6"]) {
    const options = ["--output_dir", directory.path, "--dpi", "20", "--layers", layers];
    assert.equal((await run(summary, options)).code, 0, layers);
  }
});
