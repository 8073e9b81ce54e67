/** Gemma Scope, the first and the second. */
import assert from "node:assert/strict";
import { siteText } from "../../../lib/lm/site.ts";
import { placeByConfig, placeByFolders } from "../../../lib/sae/formats/gemma_scope_place.ts";
import { config, state, without } from "./changes.ts";
import {
  floats,
  integer,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
} from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

testOwnerCase("gemma_scope1_att", { format: "Gemma Scope", architecture: "jumprelu" });
testOwnerCase("gemma_scope1_transcoder", { format: "Gemma Scope", architecture: "jumprelu" });

const [WIDTH, FEATURES] = [3, 4];

function second(): TestSae {
  return {
    directory: "resid_post/layer_17_width_16k_l0_medium",
    weights: "params.safetensors",
    state: {
      w_enc: numbers(WIDTH, FEATURES),
      b_enc: numbers(FEATURES),
      w_dec: numbers(FEATURES, WIDTH),
      b_dec: numbers(WIDTH),
      threshold: numbers(FEATURES),
    },
    config: {
      name: "config.json",
      fields: {
        hf_hook_point_in: "model.layers.17.output",
        hf_hook_point_out: "model.layers.17.output",
        width: FEATURES,
        architecture: "jump_relu",
        affine_connection: false,
        l0: 60,
        type: "sae",
      },
    },
  };
}

const REFUSED: Mutation[] = [
  ["another architecture", config({ architecture: "topk" }), /topk, expected jump_relu/],
  ["another width", config({ width: 5 }), /says width 5, but its tensors have 4 features/],
  ["a dictionary of several layers", config({ type: "crosscoder" }), /type crosscoder, which/],
  [
    "a hook that is missing",
    config({ hf_hook_point_in: undefined }),
    /hf_hook_point_in is missing/,
  ],
  [
    "a configuration that is missing",
    (sae) => {
      delete sae.config;
    },
    /config\.json, which says where it reads, is missing/,
  ],
  [
    "a skip connection that is not there",
    config({ affine_connection: true }),
    /but it has no affi/,
  ],
  [
    "a skip connection that is not said",
    state({ affine_skip_connection: numbers(3, 3) }),
    /affine_connection false, but it has an affine_skip_connection/,
  ],
  ["thresholds of another number", state({ threshold: numbers(3) }), /threshold has shape \[3\]/],
  ["no thresholds", without("threshold"), /threshold is missing/],
  ["a decoder the other way", state({ w_dec: numbers(3, 4) }), /w_dec has shape \[3, 4\]/],
  [
    "a decoder of several layers",
    state({ w_dec: numbers(4, 2, 3) }),
    /\[4, 2, 3\], expected a mat/,
  ],
  ["a b_dec of another width", state({ b_dec: numbers(4) }), /b_dec has shape \[4\]/],
  ["no b_enc", without("b_enc"), /b_enc is missing/],
  ["whole numbers", state({ b_enc: integer(1) }), /b_enc has shape \[\]/],
  [
    "a weight that is no number",
    state({ w_enc: floats(Array(12).fill(NaN), [3, 4]) }),
    /w_enc holds NaN/,
  ],
];

const FLAGGED: Mutation[] = [
  [
    "that folder and configuration name two layers",
    config({ hf_hook_point_in: "model.layers.16.output" }),
    /folder says layer 17, but config\.json .* model\.layers\.16\.output/,
  ],
  ["what it does not read", state({ w_lora: numbers(2) }), /it holds w_lora/],
];

testMutations("Gemma Scope", second, { refused: REFUSED, flagged: FLAGGED });

Deno.test("placeByFolders() takes the kind from a repository's name, wherever it stands", () => {
  for (
    const [folder, site] of [
      ["gemma-scope-2b-pt-res", "post 3"],
      ["gemma-scope-2b-pt-res-canonical", "post 3"],
      ["models--google--gemma-scope-9b-it-res", "post 3"],
      ["gemma_scope1_res", "post 3"],
      ["gemma-scope-2b-pt-mlp", "mlp_out 3"],
      ["gemma-scope-2b-pt-att", undefined],
      ["gemma-scope-2b-pt-transcoders", undefined],
    ] as const
  ) {
    const place = placeByFolders(["average_l0_71", "width_16k", "layer_3", folder], 2304);
    assert.equal(place.site && siteText(place.site), site, folder);
    assert.deepEqual([place.l0, place.notes.length], [71, 0]);
    assert.equal(place.takesHeads, folder.endsWith("att"));
    assert.equal(place.predicts !== undefined, folder.endsWith("transcoders"));
  }
});

Deno.test("placeByFolders() does not guess the site where only the layer is named", () => {
  const place = placeByFolders(["layer_12", "downloads"], 2304);
  assert.equal(place.site, undefined);
  assert.match(place.notes[0]!, /nothing in its path says .* post 12 .* mlp_out 12 .* normalised/);
  const nothing = placeByFolders(["downloads", "gemma-scope-2b-pt-res"], 2304);
  assert.equal(nothing.site, undefined);
  assert.match(nothing.notes[0]!, /of which layer/);
});

Deno.test("placeByFolders() takes an SAE as wide as the heads for one of attention", () => {
  const { site, takesHeads, notes } = placeByFolders(["layer_12"], 2048);
  assert.deepEqual([site, takesHeads], [undefined, true]);
  assert.match(notes[0]!, /attention heads .* \(-att\)/);
});

Deno.test("placeByFolders() takes the nearest of layer and embedding", () => {
  const far = placeByFolders(["layer_2", "gemma-scope-2b-pt-res", "embedding"], 2304);
  assert.deepEqual([far.isEmbedding, siteText(far.site!)], [false, "post 2"]);
  const near = placeByFolders(["width_4k", "embedding", "gemma-scope-2b-pt-res"], 2304);
  assert.deepEqual([near.isEmbedding, siteText(near.site!)], [true, "pre 0"]);
});

Deno.test("placeByConfig() tells heads and transcoders from the residual stream", () => {
  const heads = placeByConfig([], { hf_hook_point_in: "model.layers.4.self_attn.o_proj.input" });
  assert.deepEqual([heads.site, heads.takesHeads], [undefined, false].with(1, true));
  const transcoder = placeByConfig([], {
    hf_hook_point_in: "model.layers.5.pre_feedforward_layernorm.output",
    hf_hook_point_out: "model.layers.5.post_feedforward_layernorm.output",
    type: "transcoder",
  });
  assert.equal(siteText(transcoder.predicts!.site!), "mlp_out 5");
});
