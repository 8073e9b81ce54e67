import assert from "node:assert/strict";
import type { PictureOptions } from "../../lib/pictures/figure_files.ts";
import { LAYER_PICTURES } from "../../lib/pictures/all_pictures.ts";
import { writeLayerPictures } from "../../lib/pictures/write_layer_pictures.ts";
import { isMadeOf } from "../../lib/results/artifact.ts";
import { inputError } from "../support/input_errors.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** The result has three free features, none of them zero everywhere; of a traditional SAE five. */
const options: PictureOptions = { formats: ["png"], dpi: 20, topFeatures: 3 };

/** The pictures that a layer with a traditional SAE has. */
const OF_TRADITIONAL = LAYER_PICTURES.filter((recipe) =>
  isMadeOf(recipe, traditionalResult().record)
);

function names({ path }: TemporaryDirectory): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

Deno.test("writeLayerPictures() draws every picture of a layer", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerPictures(directory.path, layerResult(), options);
  const expected = LAYER_PICTURES.map(({ file }) => `layer06_${file.replace("#", "3")}.png`);
  assert.deepEqual(names(directory), expected.toSorted());
});

Deno.test("writeLayerPictures() draws of a traditional SAE what it has", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerPictures(directory.path, traditionalResult(), options);
  const expected = OF_TRADITIONAL.map(({ file }) => `layer06_${file.replace("#", "3")}.png`);
  assert.deepEqual(names(directory), expected.toSorted());
  assert(!expected.includes("layer06_relation_slots_only.png"));
});

Deno.test("writeLayerPictures() writes each format, and the number asked for into the name", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerPictures(directory.path, traditionalResult(), {
    ...options,
    formats: ["png", "svg", "pdf"],
    topFeatures: 4,
  });
  const expected = OF_TRADITIONAL.flatMap(({ file }) =>
    ["pdf", "png", "svg"].map((format) => `layer06_${file.replace("#", "4")}.${format}`)
  );
  assert.deepEqual(names(directory), expected.toSorted());
  assert(expected.includes("layer06_top4_free_features.svg"));
});

Deno.test("writeLayerPictures() names the file by how many features there are", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerPictures(directory.path, layerResult(), { ...options, topFeatures: 50 });
  assert(names(directory).includes("layer06_top3_free_features.png"));
});

Deno.test("writeLayerPictures() draws in the resolution that each picture has by default", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerPictures(directory.path, layerResult(), { ...options, dpi: undefined });
  const size = (name: string) => {
    const { buffer } = Deno.readFileSync(`${directory.path}/layer06_${name}.png`);
    const view = new DataView(buffer);
    return [view.getUint32(16), view.getUint32(20)];
  };
  assert.deepEqual(size("dense_activation_heatmap"), [4800, 1600]);
  assert.deepEqual(size("relation_slots_only"), [1200, 900]);
  assert.deepEqual(size("top3_free_features"), [2100, 900]);
  assert.deepEqual(size("feature_consistency"), [2400, 900]);
});

Deno.test("writeLayerPictures() names the file that cannot be written", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    writeLayerPictures(`${directory.path}/missing`, layerResult(), options),
    inputError(/layer06_dense_activation_heatmap\.png cannot be written/),
  );
});
