/** dictionary_learning and jkminder's fork of it: what is read of their files. */
import assert from "node:assert/strict";
import { siteText } from "../../../lib/lm/site.ts";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { batchTopK, FEATURES, WIDTH } from "./dictionary_learning_files.ts";
import { floats, numbers, testRight, writeSae } from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

const CASES = {
  dl_panneal: "AutoEncoder",
  dl_new: "AutoEncoderNew",
  dl_gated: "GatedAutoEncoder",
  dl_topk_2024: "AutoEncoderTopK",
  dl_topk_sweep: "AutoEncoderTopK",
  dl_batchtopk_normalized: "BatchTopKSAE",
  dl_matryoshka: "MatryoshkaBatchTopKSAE",
  dl_jumprelu: "JumpReluAutoEncoder",
};
for (const [name, architecture] of Object.entries(CASES)) {
  testOwnerCase(name, { format: "dictionary_learning", architecture });
}
testOwnerCase("dlfork_batchtopk_hub", {
  format: "dictionary_learning",
  architecture: "BatchTopKSAE",
  notes: [/nothing says where it reads/],
});
testOwnerCase("dlfork_batchtopk_normaliser", {
  format: "dictionary_learning",
  architecture: "BatchTopKSAE",
  notes: [/layer 13 and no submodule: it is taken for the output of block 13/],
});
const OF_THE_FORK = /read as jkminder's fork has it, whose files are called so: features/;
testOwnerCase("dlfork_standard", {
  format: "dictionary_learning",
  architecture: "AutoEncoder",
  notes: [/layer 7 and no submodule/, OF_THE_FORK],
});
testOwnerCase("dlfork_gated", {
  format: "dictionary_learning",
  architecture: "GatedAutoEncoder",
  notes: [/layer 7 and no submodule/, OF_THE_FORK],
});
testOwnerCase("dlfork_jumprelu_hub", {
  format: "dictionary_learning",
  architecture: "JumpReluAutoEncoder",
  notes: [/nothing says where it reads/, OF_THE_FORK],
});

testRight("dictionary_learning", batchTopK);

Deno.test("dictionary_learning is recognised by its tensors, whatever the file is called", async () => {
  using directory = new TemporaryDirectory();
  const opened = await openSae(writeSae(directory, { ...batchTopK(), weights: "weights.pt" }));
  assert.equal(opened.format, "dictionary_learning");
});

Deno.test("ae.pt is dictionary_learning's without config.json, too, where its tensors tell the class", async () => {
  using directory = new TemporaryDirectory();
  const matrices = {
    W_enc: numbers(WIDTH, FEATURES),
    b_enc: numbers(FEATURES),
    W_dec: numbers(FEATURES, WIDTH),
    b_dec: numbers(WIDTH),
    threshold: numbers(FEATURES),
  };
  const linear = {
    "encoder.weight": numbers(FEATURES, WIDTH),
    "encoder.bias": numbers(FEATURES),
    "decoder.weight": numbers(WIDTH, FEATURES),
    "decoder.bias": numbers(WIDTH),
  };
  const found: unknown[] = [];
  for (const state of [matrices, linear]) {
    const { format, architecture, site, notes } = await openSae(writeSae(directory, {
      directory: "mlp_out_layer_5/trainer_0",
      weights: "ae.pt",
      state,
    }));
    found.push([format, architecture, siteText(site!)]);
    assert.match(notes.join(), /there is no config\.json/);
  }
  assert.deepEqual(found, [
    ["dictionary_learning", "JumpReluAutoEncoder", "mlp_out 5"],
    ["dictionary_learning", "AutoEncoderNew", "mlp_out 5"],
  ]);
});

Deno.test("a feature whose decoder column is 0 is never active in an AutoEncoder", async () => {
  using directory = new TemporaryDirectory();
  const sae = batchTopK();
  sae.state = {
    "bias": floats([0, 0]),
    "encoder.weight": floats([1, 0, 0, 1], [2, 2]),
    "encoder.bias": floats([1, 1]),
    "decoder.weight": floats([0, 3, 0, 4], [2, 2]), // columns of length 0 and 5
  };
  sae.config.fields.trainer = { dict_class: "AutoEncoder", layer: 3 };
  const opened = await openSae(writeSae(directory, sae));
  const { activation } = await opened.read();
  assert.deepEqual(activation, { floor: 0, scale: Float32Array.of(0, 5) });
  const decoder = (await opened.readDecoder())!;
  assert.deepEqual(
    [...await decoder.rows.read(0, 2)],
    [0, 0, 3 / 5, 4 / 5].map(Math.fround),
  );
});
