/** An input that becomes another one while it is in use: what was hashed is what was read, or nothing. */
import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { type AnalysisOptions, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import type { LayerName } from "../../lib/results/layer_name.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { tinyOptions, writeTinyInputs } from "../support/tiny_analysis.ts";
import { safetensors, type TinyTensor } from "../support/tiny_model.ts";

function optionsOf(directory: TemporaryDirectory): AnalysisOptions {
  return tinyOptions(directory, { layers: [0, 1] });
}

/** Every number of the file another one, in a file of the same length: by a bit of its last byte. */
function changed(path: string): Uint8Array {
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  return bytes;
}

const CHANGES: Record<string, (path: string) => void> = {
  "replaced by another file": (path) => {
    Deno.writeFileSync(`${path}.new`, changed(path));
    Deno.renameSync(`${path}.new`, path);
  },
  "written anew in its place": (path) => Deno.writeFileSync(path, changed(path)),
  "written anew, and its time set back": (path) => {
    const { atime, mtime } = Deno.statSync(path);
    Deno.writeFileSync(path, changed(path));
    Deno.utimeSync(path, atime!, mtime!);
  },
};

const INPUTS = [
  "lm/model.safetensors",
  "lm/config.json",
  "lm/tokenizer.json",
  "lm/tokenizer_config.json",
  "questions.jsonl",
  "sae/layer0/sae_best.pt",
  "sae/layer1/sae_best.pt",
];

/** Runs an analysis in which something happens once the language model has begun to compute. */
async function analyzeMeanwhile(
  directory: TemporaryDirectory,
  happens: () => void,
): Promise<LayerName[]> {
  using device = await openDevice("cpu");
  const plan = await planAnalysis(optionsOf(directory));
  const layers: LayerName[] = [];
  let isFirst = true;
  const observer = {
    ...SILENT,
    progress() {
      if (isFirst) happens();
      isFirst = false;
    },
  };
  for await (const { record } of analyzeLayers(plan, device, { observer })) {
    layers.push(record.layer);
  }
  return layers;
}

for (const name of INPUTS) {
  for (const [what, change] of Object.entries(CHANGES)) {
    // Of an SAE, what is hashed is what has been read: its bytes need no second look.
    if (name.startsWith("sae") && what.includes("set back")) continue;
    Deno.test(`analyzeLayers() refuses ${name} that is ${what} meanwhile`, async () => {
      using directory = new TemporaryDirectory();
      writeTinyInputs(directory, { layers: [0, 1] });
      const path = `${directory.path}/${name}`;
      await assert.rejects(
        analyzeMeanwhile(directory, () => change(path)),
        inputErrorNaming(path, "was changed while it was in use"),
      );
    });
  }
}

for (const file of ["model.safetensors.index.json", "model-00002-of-00002.safetensors"]) {
  Deno.test(`analyzeLayers() refuses ${file} that is replaced meanwhile`, async () => {
    using directory = new TemporaryDirectory();
    writeTinyInputs(directory, { layers: [0, 1], model: { write: writeTwoShards } });
    const path = `${directory.path}/lm/${file}`;
    await assert.rejects(
      analyzeMeanwhile(directory, () => Deno.writeFileSync(path, changed(path))),
      inputErrorNaming(path, "was changed while it was in use"),
    );
  });
}

Deno.test("analyzeLayers() does not mind that files are looked at, linked and copied meanwhile", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [0, 1] });
  const layers = await analyzeMeanwhile(directory, () => {
    for (const name of INPUTS) {
      const path = `${directory.path}/${name}`;
      Deno.linkSync(path, `${path}.link`);
      Deno.copyFileSync(path, `${path}.copy`);
    }
  });
  assert.deepEqual(layers, [0, 1]);
});

Deno.test("planAnalysis() hashes every shard and the index", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [0, 1], model: { write: writeTwoShards } });
  const inputHashes = await (await planAnalysis(optionsOf(directory))).inputHashes;
  assert.deepEqual(
    Object.keys(inputHashes).map((path) => path.slice(directory.path.length + 1)),
    [
      "questions.jsonl",
      "lm/config.json",
      "lm/tokenizer.json",
      "lm/tokenizer_config.json",
      "lm/model.safetensors.index.json",
      "lm/model-00001-of-00002.safetensors",
      "lm/model-00002-of-00002.safetensors",
    ],
  );
});

function writeTwoShards(
  directory: TemporaryDirectory,
  tensors: ReadonlyMap<string, TinyTensor>,
): void {
  const weight_map: Record<string, string> = {};
  for (const half of [0, 1]) {
    const name = `model-0000${half + 1}-of-00002.safetensors`;
    const part = [...tensors].filter((_, i) => i % 2 === half);
    directory.write(`lm/${name}`, safetensors(new Map(part)));
    for (const [tensor] of part) weight_map[tensor] = name;
  }
  directory.write("lm/model.safetensors.index.json", JSON.stringify({ weight_map }));
}
