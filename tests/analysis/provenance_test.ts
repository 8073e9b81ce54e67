import assert from "node:assert/strict";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { layerRecordOf, provenanceOf, relationRecords } from "../../lib/analysis/provenance.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { VERSION } from "../../lib/base/version.ts";
import { loadDecoder, loadSae } from "../../lib/sae/formats/load_checkpoint.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { questionLines, tinyOptions, writeTinyInputs } from "../support/tiny_analysis.ts";

/** What layers 0 and 3, the last, of a model of three blocks are made of. */
async function madeOf(directory: TemporaryDirectory, relations?: readonly (string | number)[]) {
  writeTinyInputs(directory, {
    layers: [0, 3],
    lines: questionLines(3),
    model: { config: { n_layer: 3 } },
  });
  const plan = await planAnalysis(
    tinyOptions(directory, { layers: [0, 3], threshold: 0.25, relations }),
  );
  using device = await openDevice("cpu");
  const provenance = provenanceOf(plan, device, await plan.inputHashes);
  const records = [];
  for (const planned of plan.checkpoints) {
    const loaded = await loadSae(planned.path);
    const decoder = await loadDecoder(planned.path);
    records.push(layerRecordOf(plan, planned, { provenance, loaded, decoder }));
  }
  return { plan, provenance, records };
}

Deno.test("provenanceOf() names the options, the device, the inputs and the deepest layer", async () => {
  using directory = new TemporaryDirectory();
  const { provenance } = await madeOf(directory, ["birth_city", 0]);
  assert.equal(provenance.options.layers, "0,3");
  assert.equal(provenance.options.relations, "birth_city,0");
  assert.equal(provenance.options.activation_threshold, 0.25);
  assert.equal(provenance.backend.device, "cpu");
  assert.equal(provenance.versions.coact, VERSION);
  assert.equal(provenance.deepest_layer, 3); // the final site is the layer after the last block's
  assert.deepEqual(Object.keys(provenance.input_sha256)[0], `${directory.path}/questions.jsonl`);
});

Deno.test("layerRecordOf() says what each layer is, the final site by its number as a layer", async () => {
  using directory = new TemporaryDirectory();
  const { records } = await madeOf(directory);
  assert.deepEqual(records.map(({ layer }) => layer), [0, 3]);
  assert.match(records[0]!.hidden_state, /^hidden_states\[0\], the embedding/);
  assert.equal(records[1]!.hidden_state, "hidden_states[3], the state after the final LayerNorm");
  const { sae, d_model, freeCount, slotCount } = records[1]!;
  assert.deepEqual([sae, d_model, freeCount, slotCount], ["supervised", 8, 5, 6]);
});

Deno.test("layerRecordOf() names the relations whose slots are there and that were not picked", async () => {
  using directory = new TemporaryDirectory();
  const all = await madeOf(directory);
  assert(!("relations_left_out" in all.records[0]!));
  const some = await madeOf(directory, ["birth_city", "major"]);
  assert.deepEqual(some.records[0]!.relations.map(({ index }) => index), [1, 3]);
  assert.deepEqual(
    some.records[0]!.relations_left_out?.map(({ index }) => index),
    [0, 2, 4, 5],
  );
});

Deno.test("relationRecords() count the questions that are used, not those of the file", async () => {
  using directory = new TemporaryDirectory();
  const { plan } = await madeOf(directory, [0]);
  assert.deepEqual(relationRecords(plan.sample), [
    { index: 0, key: "birth_date", label: "Birth Date", questions: 2 },
  ]);
});
