import assert from "node:assert/strict";
import { layerPath, layersOnDisk, strayLayers, summaryPath } from "../../lib/results/file_names.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("layerPath() pads the layer to two digits", () => {
  assert.equal(layerPath("out", 6, "statistics.json"), "out/layer06_statistics.json");
  assert.equal(layerPath("out", 11, "questions.npy"), "out/layer11_questions.npy");
  assert.equal(layerPath("out", 123, "analysis.json"), "out/layer123_analysis.json");
});

Deno.test("summaryPath() names the summary of all layers", () => {
  assert.equal(summaryPath("a/b"), "a/b/analysis_summary.json");
});

Deno.test("layersOnDisk() lists the layers with an analysis, ascending by number", async () => {
  using directory = new TemporaryDirectory();
  for (const layer of ["06", "100", "11", "00"]) {
    directory.write(`layer${layer}_analysis.json`, "{}");
  }
  assert.deepEqual(await layersOnDisk(directory.path), [0, 6, 11, 100]);
});

Deno.test("layersOnDisk() passes over other files, unfinished ones too", async () => {
  using directory = new TemporaryDirectory();
  for (
    const name of [
      "layer06_statistics.json",
      "layer6_analysis.json",
      "layer07_analysis.json.0a1b2c3d.tmp",
      "old_layer08_analysis.json",
      "analysis_summary.json",
    ]
  ) directory.write(name, "{}");
  assert.deepEqual(await layersOnDisk(directory.path), []);
});

Deno.test("layersOnDisk() finds none in a directory that does not exist", async () => {
  using directory = new TemporaryDirectory();
  assert.deepEqual(await layersOnDisk(`${directory.path}/missing`), []);
});

Deno.test("layersOnDisk() says that a file is no directory", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("results.zip", "");
  await assert.rejects(layersOnDisk(path), inputError(`${path} is a file, expected a directory`));
});

Deno.test("strayLayers() are those with files but no analysis", async () => {
  using directory = new TemporaryDirectory();
  directory.write("layer03_analysis.json", "{}");
  for (const layer of ["03", "05", "11"]) directory.write(`layer${layer}_statistics.json`, "{}");
  directory.write("layer07_notes.txt", "");
  assert.deepEqual(await strayLayers(directory.path), [5, 11]);
});

Deno.test("layersOnDisk() takes only the names that coact gives its files", async () => {
  using directory = new TemporaryDirectory();
  for (const layer of ["03", "003", "120", "0120", "99999999999999999999"]) {
    directory.write(`layer${layer}_analysis.json`, "{}");
  }
  assert.deepEqual(await layersOnDisk(directory.path), [3, 120]);
});
