import assert from "node:assert/strict";
import { picturesOnDisk } from "../../lib/pictures/picture_files.ts";
import { redrawPictures } from "../../lib/pictures/stale_pictures.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const OPTIONS = { dpi: 20 };

/** Has pictures of earlier numbers, which are gone, drawn again; says which are there afterwards. */
async function redraw(names: readonly string[], result = layerResult()) {
  using directory = new TemporaryDirectory();
  for (const name of names) directory.write(name, "old");
  const earlier = await picturesOnDisk(directory.path, 6);
  for (const { path } of earlier) Deno.removeSync(path);
  const gone = await redrawPictures(directory.path, result, { options: OPTIONS, earlier });
  return {
    there: [...Deno.readDirSync(directory.path)].map(({ name }) => name).sort(),
    gone: gone.map((path) => path.slice(directory.path.length + 1)),
  };
}

Deno.test("redrawPictures() draws each in its format, and with its number", async () => {
  const names = ["layer06_dense_activation_heatmap.svg", "layer06_top2_free_features.pdf"];
  assert.deepEqual(await redraw(names), { there: names, gone: [] });
});

Deno.test("redrawPictures() names those that the layer has no more, sorted", async () => {
  const names = ["layer06_relation_slots_only.svg", "layer06_feature_consistency.png"];
  assert.deepEqual(await redraw(names, traditionalResult()), { there: [], gone: names.toSorted() });
});

Deno.test("redrawPictures() draws nothing for a number that cannot be asked for", async () => {
  const names = ["layer06_top0_free_features.png", "layer06_top007_free_features.png"];
  assert.deepEqual(await redraw(names), { there: [], gone: names.toSorted() });
});

Deno.test("redrawPictures() leaves alone what has been drawn again already", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("layer06_dense_activation_heatmap.png", "drawn already");
  const earlier = await picturesOnDisk(directory.path, 6);
  await redrawPictures(directory.path, layerResult(), { options: OPTIONS, earlier });
  assert.equal(Deno.readTextFileSync(path), "drawn already");
});
