/** AlignSAE's checkpoints by themselves; `sae_checkpoint_test.ts` has what is wrong with one. */
import assert from "node:assert/strict";
import { siteText } from "../../../lib/lm/site.ts";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { numbers, type TestSae, writeSae } from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

testOwnerCase("alignsae_2hop_traditional", { format: "AlignSAE", architecture: "traditional" });

function checkpoint(weights: string, fields: Record<string, unknown>): TestSae {
  const model_state_dict = {
    "encoder.weight": numbers(24, 3),
    "encoder.bias": numbers(24),
    "decoder.weight": numbers(3, 24),
    "decoder.bias": numbers(3),
  };
  return { directory: "sae", weights, state: { model_state_dict, ...fields }, asFile: true };
}

/** The site and the notes of a checkpoint. */
async function placeOf(sae: TestSae): Promise<[string | undefined, readonly string[]]> {
  using directory = new TemporaryDirectory();
  const { site, notes } = await openSae(writeSae(directory, sae));
  return [site && siteText(site), notes];
}

Deno.test("a two-hop SAE that nothing gives a layer is taken for layer 6, and that is said", async () => {
  for (const fields of [{ n_relation: 20, args: {} }, { d_model: 3, n_features: 24 }]) {
    const [site, notes] = await placeOf(checkpoint("sae_best.pt", fields));
    assert.equal(site, "pre 6");
    assert.match(notes.join(), /nothing names its layer, .* layer 6 is taken/);
  }
});

Deno.test("another SAE that nothing gives a layer has no site", async () => {
  const traditional = { args: { is_traditional: true, n_hidden: 24 } };
  const [site, notes] = await placeOf(checkpoint("traditional_sae_final.pt", traditional));
  assert.equal(site, undefined);
  assert.match(notes.join(), /nothing names its layer/);
});

Deno.test("the layer may stand in the name of what it was trained on", async () => {
  const args = { n_free: 18, activation_file: "data/train_activations_layer4.pkl" };
  assert.deepEqual(await placeOf(checkpoint("sae_best.pt", { args, n_relation: 6 })), [
    "pre 4",
    [],
  ]);
});

Deno.test("a folder counts, and what contradicts it is named", async () => {
  const args = { n_free: 18, activation_file: "train_activations_layer4.pkl" };
  const sae = { ...checkpoint("sae_best.pt", { args, n_relation: 6 }), directory: "layer5" };
  const [site, notes] = await placeOf(sae);
  assert.equal(site, "pre 5");
  assert.match(notes.join(), /path says layer 5, but it was trained on layer 4/);
});

Deno.test("a traditional two-hop SAE of another number of features is refused", async () => {
  using directory = new TemporaryDirectory();
  const path = writeSae(directory, checkpoint("sae.pt", { d_model: 3, n_features: 25 }));
  await assert.rejects(openSae(path), inputError(/says n_features 25, .* makes that 24/));
});
