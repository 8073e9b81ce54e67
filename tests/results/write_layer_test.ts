import assert from "node:assert/strict";
import { isMadeOf } from "../../lib/results/artifact.ts";
import { NUMBERS, RECORD } from "../../lib/results/artifacts/all.ts";
import type { LayerResult } from "../../lib/results/layer_result.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { inputError } from "../support/input_errors.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** The files of numbers that a layer has, by the list of all there are. */
function filesOf({ record }: LayerResult): string[] {
  return [RECORD, ...NUMBERS].filter((artifact) => isMadeOf(artifact, record))
    .map(({ file }) => `layer06_${file}`).sort();
}

const TRADITIONAL_FILES = filesOf(traditionalResult());

function namesIn({ path }: TemporaryDirectory): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

Deno.test("writeLayerResult() writes a record, the arrays, and what is made of them", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  const files = filesOf(layerResult());
  assert.deepEqual(namesIn(directory), files);
  const more = ["layer06_common_features.json", "layer06_slot_activations.npy"];
  assert.deepEqual(files.filter((name) => !TRADITIONAL_FILES.includes(name)), more);
});

Deno.test("writeLayerResult() leaves nothing of an earlier analysis of the layer", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  await writeLayerResult(directory.path, layerResult({ layer: 3 }));
  await writeLayerResult(directory.path, traditionalResult());
  const layer6 = namesIn(directory).filter((name) => name.startsWith("layer06"));
  assert.deepEqual(layer6, TRADITIONAL_FILES);
  assert.equal(
    namesIn(directory).filter((name) => name.startsWith("layer03")).length,
    filesOf(layerResult()).length,
  );
});

Deno.test("writeLayerResult() leaves no record if a file could not be written", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  Deno.removeSync(`${directory.path}/layer06_questions.npy`);
  directory.write("layer06_questions.npy/in_the_way", ""); // a directory that is not empty
  await assert.rejects(
    writeLayerResult(directory.path, layerResult()),
    inputError(new RegExp(`^${directory.path}/layer06_questions.npy cannot be written: `)),
  );
  assert(!namesIn(directory).includes("layer06_analysis.json"));
});

Deno.test("writeLayerResult() removes the pictures that it is told of, and the summary", async () => {
  using directory = new TemporaryDirectory();
  const drawn = directory.write("layer06_relation_slots_only.png", "");
  for (const name of ["analysis_summary.json", "analysis_times.json", "mine.png"]) {
    directory.write(name, "");
  }
  await writeLayerResult(directory.path, traditionalResult(), [
    drawn,
    `${directory.path}/none.png`,
  ]);
  assert.deepEqual(namesIn(directory), [...TRADITIONAL_FILES, "mine.png"]);
});
