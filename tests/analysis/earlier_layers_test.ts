import assert from "node:assert/strict";
import { earlierLayers } from "../../lib/analysis/earlier_layers.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { comparedPart } from "../../lib/results/layer_summary.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { layerRecord, layerResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** The layers of earlier runs that are compared with a run of layer 6, and what is said of others. */
async function beside({ path }: TemporaryDirectory) {
  const told: string[] = [];
  const tell = (message: string) => told.push(message.replaceAll(`${path}/`, ""));
  const run = { layers: [6], record: layerRecord() };
  const compared = await earlierLayers(path, run, { ...SILENT, note: tell, warn: tell });
  return { compared, told };
}

Deno.test("earlierLayers() are those of the same analysis, without the run's own", async () => {
  using directory = new TemporaryDirectory();
  for (const layer of [2, 6, 11]) {
    await writeLayerResult(directory.path, layerResult({ layer }));
  }
  const { compared, told } = await beside(directory);
  assert.deepEqual(compared.map(({ summary }) => summary.layer), [2, 11]);
  assert.deepEqual(told, []);
});

Deno.test("earlierLayers() are the same as right after their own run", async () => {
  using directory = new TemporaryDirectory();
  const result = layerResult({ layer: 2 });
  await writeLayerResult(directory.path, result);
  const { compared: [read] } = await beside(directory);
  const { summary, slots } = comparedPart(result);
  assert.deepEqual(read!.summary, summary);
  assert.deepEqual(read!.slots.means, slots.means);
  assert.deepEqual(read!.slots.features, slots.features);
});

Deno.test("earlierLayers() leaves out layers of other analyses and says in what they differ", async () => {
  using directory = new TemporaryDirectory();
  for (const layer of [2, 3]) {
    await writeLayerResult(directory.path, layerResult({ layer, activation_threshold: 0.5 }));
  }
  const { compared, told } = await beside(directory);
  assert.deepEqual(compared, []);
  assert.deepEqual(told, [
    "layers 2, 3 of an earlier run are not in the summary: analysed with other thresholds",
  ]);
});

Deno.test("earlierLayers() leaves out a damaged layer and says so", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 2 }));
  directory.write("layer02_activation_matrix.npy", "x");
  const { compared, told } = await beside(directory);
  assert.deepEqual(compared, []);
  assert.match(
    told[0]!,
    /^layer 2 of an earlier run is not in the summary: .*layer02_activation_m/,
  );
});
