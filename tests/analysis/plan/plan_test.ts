import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type AnalysisOptions, planAnalysis } from "../../../lib/analysis/plan/plan.ts";
import { SILENT } from "../../../lib/base/observer.ts";
import type { ReadingThreads } from "../../../lib/reading/reading_threads.ts";
import { FINAL, siteText } from "../../../lib/lm/site.ts";
import { loadSae } from "../../../lib/sae/formats/load_checkpoint.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { supervisedSae, tinyOptions, writeTinyInputs } from "../../support/tiny_analysis.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

/** A plan for a model of so many blocks, with an SAE for each hidden state. */
async function planOf(
  directory: TemporaryDirectory,
  options: Partial<AnalysisOptions> = {},
  inputs: Parameters<typeof writeTinyInputs>[1] = {},
) {
  writeTinyInputs(directory, { model: { config: { n_layer: 3 } }, ...inputs });
  return await planAnalysis(tinyOptions(directory, options));
}

Deno.test("planAnalysis() takes all layers for the inputs of all blocks", async () => {
  using directory = new TemporaryDirectory();
  const { checkpoints, deepest } = await planOf(directory);
  assert.deepEqual(checkpoints.map(({ site }) => siteText(site)), ["pre 0", "pre 1", "pre 2"]);
  assert.deepEqual(deepest, { block: 2, point: "pre" });
});

Deno.test("planAnalysis() takes the layer after the last block's for the final site", async () => {
  using directory = new TemporaryDirectory();
  const { checkpoints, deepest } = await planOf(directory, { layers: [3, 1, 3] });
  assert.deepEqual(checkpoints.map(({ layer }) => layer), [1, 3]);
  assert.deepEqual(checkpoints.map(({ site }) => siteText(site)), ["pre 1", "final"]);
  assert.deepEqual(deepest, FINAL);
});

Deno.test("planAnalysis() goes no deeper than the deepest site that has an SAE", async () => {
  using directory = new TemporaryDirectory();
  const { deepest, skipped } = await planOf(directory, { layers: [1, 2] }, { layers: [0, 1] });
  assert.deepEqual(deepest, { block: 1, point: "pre" });
  assert.deepEqual(skipped.map(({ layer }) => layer), [2]);
});

Deno.test("planAnalysis() reads no weight: a damaged one is found when it is used", async () => {
  using directory = new TemporaryDirectory();
  const damagedSae = () => {
    const bytes = supervisedSae();
    const weight = new Uint8Array(randomNumbers(11 * 8, 7).buffer); // as supervisedSae() has it
    bytes[Buffer.from(bytes).indexOf(weight)]! ^= 1;
    return bytes;
  };
  const { checkpoints } = await planOf(directory, { layers: [1] }, { sae: damagedSae });
  assert.equal(checkpoints.length, 1);
  await assert.rejects(loadSae(checkpoints[0]!.path), inputError(/./));
});

Deno.test("planAnalysis() waits for what inputs hash to only where they have just been written", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [1] });
  const gate = Promise.withResolvers<string>();
  const reading = { hash: () => gate.promise } as unknown as ReadingThreads;
  const written = planAnalysis(tinyOptions(directory, { layers: [1] }), SILENT, reading);
  const settled = await planAnalysis(
    {
      lmModel: "demo/lm",
      saeDirectory: "demo/sae",
      questionFile: "demo/data/qa_test_id.jsonl",
      layers: [1],
      samplesPerRelation: 1,
      threshold: 0.1,
    },
    SILENT,
    reading,
  );
  const first = await Promise.race([written, Promise.resolve("not yet")]);
  assert.equal(first, "not yet");
  gate.resolve("a hash");
  for (const plan of [settled, await written]) {
    const hashes = Object.values(await plan.inputHashes);
    assert(hashes.includes("a hash")); // what is read whole is hashed as it is read
  }
});
