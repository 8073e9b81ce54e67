import assert from "node:assert/strict";
import { slotsOf } from "../../lib/results/layer_slots.ts";
import {
  type PictureOptions,
  writeLayerPictures,
  writeSummaryPicture,
} from "../../lib/results/picture_files.ts";
import { summarizeAnalysis, summarizeLayer } from "../../lib/results/summary_file.ts";
import { inputError } from "../support/input_errors.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const options: PictureOptions = { formats: ["png"], dpi: 20, topFeatures: 50 };

function names({ path }: TemporaryDirectory): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

Deno.test("writeLayerPictures() draws the four pictures of a layer, by the guide's names", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerPictures(directory.path, layerResult(), options);
  assert.deepEqual(names(directory), [
    "layer06_dense_activation_heatmap.png",
    "layer06_feature_consistency.png",
    "layer06_relation_slots_only.png",
    "layer06_top50_free_features.png",
  ]);
});

Deno.test("writeLayerPictures() draws of a traditional SAE what it has", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerPictures(directory.path, traditionalResult(), options);
  assert.deepEqual(names(directory), [
    "layer06_dense_activation_heatmap.png",
    "layer06_top50_free_features.png",
  ]);
});

Deno.test("writeLayerPictures() writes each format, and the number asked for into the name", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerPictures(directory.path, traditionalResult(), {
    ...options,
    formats: ["png", "svg", "pdf"],
    topFeatures: 7,
  });
  assert.deepEqual(names(directory), [
    "layer06_dense_activation_heatmap.pdf",
    "layer06_dense_activation_heatmap.png",
    "layer06_dense_activation_heatmap.svg",
    "layer06_top7_free_features.pdf",
    "layer06_top7_free_features.png",
    "layer06_top7_free_features.svg",
  ]);
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
  assert.deepEqual(size("top50_free_features"), [2100, 900]);
  assert.deepEqual(size("feature_consistency"), [2400, 900]);
});

Deno.test("writeSummaryPicture() draws one picture of all layers, skipped ones included", async () => {
  using directory = new TemporaryDirectory();
  const results = [layerResult({ layer: 0 }), traditionalResult({ layer: 6 })];
  const summary = summarizeAnalysis(results.map(summarizeLayer), {
    samplesPerRelation: 2,
    relations: results[0]!.record.relations,
    skipped: [{ layer: 3, reason: "No SAE checkpoint found" }],
    provenances: results.map(({ record }) => record.provenance),
    phaseSeconds: {},
  });
  const paths = await writeSummaryPicture(directory.path, {
    summary,
    slots: results.map(slotsOf),
    options: { ...options, formats: ["svg"] },
  });
  assert.deepEqual(paths, [`${directory.path}/all_layers_relation_slots_summary.svg`]);
  const svg = await Deno.readTextFile(paths[0]!);
  const places = ["Layer 0", "Layer 3", "Layer 6"].map((title) => svg.indexOf(`>${title}<`));
  assert(places.every((place, i) => place > (places[i - 1] ?? 0)), "ascending");
  assert.match(svg, />No data: No SAE checkpoint found</);
  assert.match(svg, />Traditional SAE: it has no relation slots</);
  assert.match(svg, />diagonal 3\.00, off-diagonal 0\.75, binding accuracy 75\.0 %</);
});

Deno.test("slotsOf() are the last columns of the activation matrix", () => {
  assert.deepEqual([...slotsOf(layerResult()).means], [4, 0.5, 1, 2]);
  assert.deepEqual([...slotsOf(traditionalResult()).means], []);
});

Deno.test("writeLayerPictures() names the file that cannot be written", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    writeLayerPictures(`${directory.path}/missing`, layerResult(), options),
    inputError(/layer06_dense_activation_heatmap\.png cannot be written/),
  );
});
