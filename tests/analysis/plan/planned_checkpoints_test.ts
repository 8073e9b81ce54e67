import assert from "node:assert/strict";
import { planCheckpoints } from "../../../lib/analysis/plan/planned_checkpoints.ts";
import { checkWidth } from "../../../lib/doctor/check_width.ts";
import { SILENT } from "../../../lib/base/observer.ts";
import { type LanguageModel, openLanguageModel } from "../../../lib/lm/language_model.ts";
import { openSaeCheckpoint } from "../../../lib/sae/formats/sae_checkpoint.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { supervisedSae, traditionalSae, writeTinyInputs } from "../../support/tiny_analysis.ts";

/** The SAEs of some layers, and a model of three blocks. */
async function inputs(
  directory: TemporaryDirectory,
  layers: readonly number[],
  sae: (layer: number) => Uint8Array = () => supervisedSae(),
): Promise<{ model: LanguageModel; saes: string }> {
  writeTinyInputs(directory, { layers, sae, model: { config: { n_layer: 3 } } });
  const model = await openLanguageModel(`${directory.path}/lm`);
  return { model, saes: `${directory.path}/sae` };
}

Deno.test("planCheckpoints() finds the SAE of each site, and says which layers have none", async () => {
  using directory = new TemporaryDirectory();
  const { model, saes } = await inputs(directory, [0, 3]);
  const { checkpoints, skipped } = await planCheckpoints(
    { saeDirectory: saes, layers: [0, 1, 3] },
    model,
    SILENT,
  );
  assert.deepEqual(checkpoints.map(({ layer, site }) => [layer, site]), [
    [0, { block: 0, point: "pre" }],
    [3, { point: "final" }],
  ]);
  assert.deepEqual(skipped.map(({ layer }) => layer), [1]);
  assert.match(skipped[0]!.reason, /^No SAE checkpoint found: tried .*layer1\/sae_best\.pt, /);
});

Deno.test("planCheckpoints() refuses to go on without any SAE", async () => {
  using directory = new TemporaryDirectory();
  const { model, saes } = await inputs(directory, [0]);
  await assert.rejects(
    planCheckpoints({ saeDirectory: saes, layers: [2] }, model, SILENT),
    inputError(/^No SAE .* for layer 2; tried /),
  );
  await assert.rejects(
    planCheckpoints({ saeDirectory: saes, layers: [1, 2] }, model, SILENT),
    inputError(/^No SAE .* for any of the layers 1, 2; tried .*, …/),
  );
});

Deno.test("planCheckpoints() refuses an SAE of another width than the model's", async () => {
  using directory = new TemporaryDirectory();
  const { model, saes } = await inputs(directory, [0], () => supervisedSae({ width: 9 }));
  await assert.rejects(
    planCheckpoints({ saeDirectory: saes, layers: [0] }, model, SILENT),
    inputError(/layer0\/sae_best\.pt takes hidden states of width 9, .* n_embd 8/),
  );
  const checkpoint = await openSaeCheckpoint(`${saes}/layer0/sae_best.pt`, 0);
  assert.throws(() => checkWidth(checkpoint, model), inputError(/do not belong together/));
});

Deno.test("planCheckpoints() counts the slots of the supervised SAEs, which have to agree", async () => {
  using directory = new TemporaryDirectory();
  const kinds = [traditionalSae(), supervisedSae({ slots: 6 }), supervisedSae({ slots: 5 })];
  const { model, saes } = await inputs(directory, [0, 1, 2], (layer) => kinds[layer]!);
  const planOf = (layers: number[]) =>
    planCheckpoints({ saeDirectory: saes, layers }, model, SILENT);
  assert.equal((await planOf([0])).slotCount, undefined);
  assert.equal((await planOf([0, 1])).slotCount, 6);
  await assert.rejects(planOf([0, 1, 2]), inputError(/has 5 relation slots, but .* 6/));
});

Deno.test("planCheckpoints() names the final site's SAE, which all does not mean, if there is one", async () => {
  const notesWith = async (layers: readonly number[]) => {
    using directory = new TemporaryDirectory();
    const { model, saes } = await inputs(directory, layers);
    const notes: string[] = [];
    const observer = { ...SILENT, note: (message: string) => notes.push(message) };
    await planCheckpoints({ saeDirectory: saes, layers: "all" }, model, observer);
    return notes;
  };
  assert.deepEqual(await notesWith([0]), []);
  assert.deepEqual(await notesWith([0, 3]), [
    "layer 3, after the final LayerNorm, has an SAE, too",
  ]);
});
