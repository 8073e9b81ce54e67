import assert from "node:assert/strict";
import {
  type StatisticsOptions,
  writeStatistics,
} from "../../../lib/analysis/statistics/statistics_files.ts";
import { hashBytes } from "../../../lib/files/hash_file.ts";
import { DRAWN_HERE } from "../../../lib/pictures/layer_pictures.ts";
import { DrawingThreads } from "../../../lib/pictures/drawing_threads.ts";
import { writeSelectivity } from "../../../lib/results/selectivity_files.ts";
import { writeLayerResult } from "../../../lib/results/write_layer.ts";
import { layerResult } from "../../support/layer_results.ts";
import { noiseAt, siteOf } from "../../support/selectivity_sites.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";

const LAYERS = [3, 4, 5];

/** Statistics of a layer: each has a p of its own. */
function siteAt(layer: number) {
  const site = siteOf({ features: 5 });
  site.measures.log10_p.forEach((_, cell, tails) => tails[cell] = -4 * noiseAt(layer, cell));
  return { ...site, record: { ...site.record, site: `pre ${layer}` } };
}

/** What is written at the end of a run of three layers, by the names of the files. */
async function written(
  options: Partial<StatisticsOptions> = {},
): Promise<{ files: Record<string, string>; error: unknown }> {
  using directory = new TemporaryDirectory();
  for (const layer of LAYERS) {
    await writeLayerResult(directory.path, layerResult({ layer, hidden_state: "h" }));
    await writeSelectivity(directory.path, layer, siteAt(layer));
  }
  const there = new Set([...Deno.readDirSync(directory.path)].map(({ name }) => name));
  const how = { layers: LAYERS, pictures: { dpi: 20 }, earlier: new Set<string>() };
  let error: unknown;
  await writeStatistics(directory.path, LAYERS, { ...how, csv: true, ...options })
    .catch((found) => error = found);
  const names = [...Deno.readDirSync(directory.path)].map(({ name }) => name)
    .filter((name) => !there.has(name)).sort();
  const hash = (name: string) => hashBytes(Deno.readFileSync(`${directory.path}/${name}`));
  return { files: Object.fromEntries(names.map((name) => [name, hash(name)])), error };
}

Deno.test("the end of a run writes the same bytes, whoever draws and whatever of the p is known", async () => {
  const { files, error } = await written();
  assert.equal(error, undefined);
  const tables = ["selectivity.csv", "selectivity.json", "selectivity.parquet"];
  const ofLayer = ["feature_sharing", "selectivity_volcano", "top3_free_features"];
  assert.deepEqual(
    Object.keys(files),
    [
      "all_layers_emergence.png",
      ...LAYERS.flatMap((layer) => ofLayer.map((what) => `layer0${layer}_${what}.png`)),
      ...tables,
    ],
  );
  const known = new Map([3, 5].map((layer) => [layer, siteAt(layer).measures.log10_p]));
  for (const size of [1, 2]) {
    using drawing = new DrawingThreads({ layerCount: 3, pictures: {}, size });
    assert.deepEqual((await written({ drawing, known })).files, files);
  }
});

Deno.test("the table is written, too, if a picture of a layer cannot be drawn, and the fault is told", async () => {
  const whole = await written();
  const fault = new Error("no more ink");
  let asked = 0;
  const drawing = {
    ...DRAWN_HERE,
    count: 0,
    drawSite: () => ++asked === 2 ? Promise.reject(fault) : Promise.resolve([]),
  };
  const { files, error } = await written({ drawing });
  assert.equal(error, fault);
  for (const name of ["selectivity.csv", "selectivity.json", "selectivity.parquet"]) {
    assert.equal(files[name], whole.files[name]);
  }
  assert(asked <= 3);
});
