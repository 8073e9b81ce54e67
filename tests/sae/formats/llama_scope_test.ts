/** Llama Scope: its release, and R1-Distill. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { config, state, without } from "./changes.ts";
import { floats, type Mutation, numbers, testMutations, type TestSae } from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

const isOwners = /read as its owner does/;
const isSaelens = /read as SAELens does, as was asked for/;
for (const name of ["llama_scope_openmoss", "llama_scope_r1_openmoss"]) {
  const expected = { format: "Llama Scope", architecture: "jumprelu" };
  testOwnerCase(name, { ...expected, notes: [isOwners] });
  testOwnerCase(name, {
    ...expected,
    notes: [isSaelens],
    options: { reading: "saelens" },
    arrays: "_saelens",
  });
}

const [WIDTH, FEATURES] = [3, 6];

function fields() {
  return {
    hook_point_in: "blocks.8.hook_resid_post",
    hook_point_out: "blocks.8.hook_resid_post",
    use_decoder_bias: true,
    apply_decoder_bias_to_pre_encoder: false,
    expansion_factor: 2,
    d_model: WIDTH,
    act_fn: "jumprelu",
    norm_activation: "dataset-wise",
    sparsity_include_decoder_norm: true,
    use_glu_encoder: false,
    top_k: 50,
  };
}

function tensors() {
  return {
    "encoder.weight": numbers(FEATURES, WIDTH),
    "encoder.bias": numbers(FEATURES),
    "decoder.weight": numbers(WIDTH, FEATURES),
    "decoder.bias": numbers(WIDTH),
  };
}

function released(): TestSae {
  return {
    directory: "Llama3_1-8B-Base-L8R-2x",
    weights: "checkpoints/final.safetensors",
    state: tensors(),
    config: {
      name: "hyperparams.json",
      fields: {
        ...fields(),
        d_sae: FEATURES,
        jump_relu_threshold: 0.4,
        dataset_average_activation_norm: { in: 60, out: 60 },
      },
    },
  };
}

function distilled(): TestSae {
  return {
    directory: "L8R",
    weights: "sae_weights.safetensors",
    state: {
      ...tensors(),
      log_jumprelu_threshold: numbers(FEATURES),
      "dataset_average_activation_norm.blocks.8.hook_resid_post": floats([60], []),
    },
    config: { name: "config.json", fields: { sae_type: "sae", ...fields() } },
  };
}

const REFUSED: Mutation[] = [
  ["another d_model", config({ d_model: 5 }), /6 features for width 3, but .* for d_model 5/],
  [
    "a gated encoder",
    config({ use_glu_encoder: true }),
    /encoder is gated .* of llamascopium only/,
  ],
  ["top-k over a batch", config({ act_fn: "batchtopk" }), /depends on the other rows/],
  ["another activation", config({ act_fn: "topk" }), /act_fn topk, expected jumprelu/],
  ["a norm of the batch", config({ norm_activation: "batch-wise" }), /what the batch is like/],
  ["another norm", config({ norm_activation: "token-wise" }), /token-wise, expected dataset-wise/],
  [
    "a bias that is subtracted",
    config({ apply_decoder_bias_to_pre_encoder: true }),
    /subtracts the decoder's bias/,
  ],
  ["a bias that is not said", config({ use_decoder_bias: false }), /but it has decoder\.bias/],
  ["a missing bias", without("decoder.bias"), /decoder\.bias is missing/],
  ["a bias of another width", state({ "decoder.bias": numbers(6) }), /decoder\.bias has shape/],
  [
    "a decoder the other way",
    state({ "decoder.weight": numbers(FEATURES, WIDTH) }),
    /decoder\.weight has shape \[6, 3\]/,
  ],
  [
    "an encoder the other way",
    state({ "encoder.weight": numbers(WIDTH, FEATURES) }),
    /3 features for width 6/,
  ],
  ["no hook", config({ hook_point_in: null }), /hook_point_in/],
  [
    "a weight that is no number",
    state({ "encoder.weight": floats(Array(18).fill(NaN), [6, 3]) }),
    /encoder\.weight holds NaN/,
  ],
];
const FLAGGED: Mutation[] = [
  ["what it does not read", state({ lora: numbers(2) }), /it holds lora/],
];
const always = [isOwners];

testMutations("Llama Scope", released, {
  refused: [
    ...REFUSED,
    ["another d_sae", config({ d_sae: 7 }), /says 7 for d_model 3/],
    ["no threshold", config({ jump_relu_threshold: undefined }), /jump_relu_threshold is missing/],
    ["a negative threshold", config({ jump_relu_threshold: -1 }), /threshold -1, expected 0/],
    [
      "a norm of 0",
      config({ dataset_average_activation_norm: { in: 0, out: 60 } }),
      /norm is 0, expected the average norm/,
    ],
  ],
  flagged: FLAGGED,
  always,
});

testMutations("Llama Scope R1-Distill", distilled, {
  refused: [
    ...REFUSED,
    ["another expansion", config({ expansion_factor: 3 }), /says 9 for d_model 3/],
    [
      "thresholds of another number",
      state({ log_jumprelu_threshold: numbers(3) }),
      /log_jumprelu_threshold has shape \[3\]/,
    ],
    [
      "no average norm",
      without("dataset_average_activation_norm.blocks.8.hook_resid_post"),
      /dataset_average_activation_norm\.blocks\.8\.hook_resid_post is missing/,
    ],
    [
      "an average norm that is no number",
      state({ "dataset_average_activation_norm.blocks.8.hook_resid_post": floats([NaN], []) }),
      /is NaN, expected the average norm/,
    ],
  ],
  flagged: FLAGGED,
  always,
});

Deno.test("Llama Scope's weights can be named instead of their directory", async () => {
  const directory = "tests/fixtures/saes/llama_scope_openmoss/files/Llama3_1-8B-Base-L15R-8x";
  const opened = await openSae(`${directory}/checkpoints/final.safetensors`);
  assert.equal(opened.format, "Llama Scope");
  assert.deepEqual(opened.site, { block: 15, point: "post" });
});
