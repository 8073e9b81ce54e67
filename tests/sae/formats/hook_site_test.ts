import assert from "node:assert/strict";
import { siteText } from "../../../lib/lm/site.ts";
import { layerNotes, siteOfHook, siteOfSaelensHook } from "../../../lib/sae/formats/hook_site.ts";

const HOOK = "blocks.8.hook_resid_post";

for (
  const folder of [
    "blocks.7.hook_resid_pre",
    "gpt2-small_blocks.7.hook_resid_pre_24576",
    "layer_7",
    "layer7",
    "layers.7.mlp",
    "resid_post_layer_7",
    "Llama3_1-8B-Base-L7R-8x",
    "L7R",
  ]
) {
  Deno.test(`layerNotes() sees that ${folder} names another layer than the hook`, () => {
    assert.match(layerNotes(["files", folder], HOOK)[0]!, /layer 7 \(.*, but .* blocks\.8/);
    assert.deepEqual(layerNotes(["files", folder], HOOK.replace("8", "7")), []);
  });
}

Deno.test("layerNotes() takes the nearest folder that names a layer, and says nothing without one", () => {
  assert.deepEqual(layerNotes(["layer_8", "layer_7"], HOOK), []);
  assert.deepEqual(layerNotes(["L0_50", "W32K", "multilayer", "Llama-3.1-8B"], HOOK), []);
  assert.deepEqual(layerNotes(["layer_7"], undefined), []);
  assert.deepEqual(layerNotes(["layer_7"], "hook_embed"), []);
});

Deno.test("siteOfHook() knows a block's input and output by both of TransformerLens' names", () => {
  const sites = ["hook_resid_pre", "hook_in", "hook_resid_post", "hook_out"]
    .map((hook) => siteText(siteOfHook(`blocks.3.${hook}`)!));
  assert.deepEqual(sites, ["pre 3", "pre 3", "post 3", "post 3"]);
  assert.equal(siteOfHook("blocks.3.mlp.hook_out"), undefined);
  assert.equal(siteOfHook("model.layers.3"), undefined);
});

Deno.test("siteOfSaelensHook() knows whole blocks of models of Hugging Face's by their modules", () => {
  for (const name of ["model.layers.3", "transformer.h.3", "language_model.model.layers.3"]) {
    assert.equal(siteText(siteOfSaelensHook(name)!), "post 3", name);
  }
  assert.equal(siteText(siteOfSaelensHook("blocks.3.hook_resid_mid")!), "mid 3");
  for (const name of ["model.layers.3.mlp", "model.embed_tokens", "model.norm", "layer 3"]) {
    assert.equal(siteOfSaelensHook(name), undefined, name);
  }
});
