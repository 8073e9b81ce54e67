/** bartbussmann's BatchTopK. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { config, state } from "./changes.ts";
import {
  floats,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
  writeSae,
} from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

const isCentred =
  /trained on TransformerLens' gpt2-small, in whose pre \d each residual has had its/;
testOwnerCase("bussmann_topk_unit_norm", {
  format: "BatchTopK",
  architecture: "topk",
  notes: [isCentred],
});
testOwnerCase("bussmann_jumprelu", {
  format: "BatchTopK",
  architecture: "jumprelu",
  notes: [isCentred],
});

const [WIDTH, FEATURES] = [3, 4];

function topK(): TestSae & { config: { fields: Record<string, unknown> } } {
  return {
    directory: "checkpoints/gemma-2-2b_blocks.8.hook_resid_pre_4_topk_2_0.0003_20000",
    weights: "sae.pt",
    state: {
      W_enc: numbers(WIDTH, FEATURES),
      b_enc: numbers(FEATURES),
      W_dec: numbers(FEATURES, WIDTH),
      b_dec: numbers(WIDTH),
    },
    config: {
      name: "config.json",
      fields: {
        sae_type: "topk",
        top_k: 2,
        act_size: WIDTH,
        dict_size: FEATURES,
        input_unit_norm: true,
        dtype: "torch.float32",
        hook_point: "blocks.8.hook_resid_pre",
        site: "resid_pre",
        layer: 8,
        model_name: "gemma-2-2b",
      },
    },
  };
}

const REFUSED: Mutation[] = [
  ["top-k over a batch", config({ sae_type: "batchtopk" }), /of all rows together it keeps/],
  [
    "a type that it does not know",
    config({ sae_type: "gated" }),
    /sae_type gated, expected vanilla/,
  ],
  ["another width", config({ act_size: 5 }), /act_size 5, but its W_enc has width 3/],
  ["another number of features", config({ dict_size: 9 }), /dict_size 9, but the number .* is 4/],
  ["a k above the number of features", config({ top_k: 5 }), /top_k 5, expected 1 to 4/],
  ["a k that is missing", config({ top_k: null }), /config\.json does not say top_k/],
  ["jumprelu without thresholds", config({ sae_type: "jumprelu" }), /log_threshold is missing/],
  [
    "thresholds that are another type's",
    state({ "jumprelu.log_threshold": numbers(FEATURES) }),
    /sae_type topk, but .* holds jumprelu\.log_threshold/,
  ],
  [
    "an encoder that lies the other way",
    state({ W_enc: numbers(4, 3) }),
    /W_dec has shape \[4, 3\]/,
  ],
  [
    "a decoder that lies the other way",
    state({ W_dec: numbers(3, 4) }),
    /W_dec has shape \[3, 4\]/,
  ],
  ["a bias of another length", state({ b_dec: numbers(4) }), /b_dec has shape \[4\]/],
  [
    "a missing bias",
    (sae) => {
      delete sae.state.b_enc;
    },
    /b_enc is missing/,
  ],
  ["a norm that is neither", config({ input_unit_norm: "yes" }), /input_unit_norm/],
  [
    "a weight that is no number",
    state({ W_enc: floats(Array(12).fill(NaN), [WIDTH, FEATURES]) }),
    /W_enc holds NaN/,
  ],
];

const FLAGGED: Mutation[] = [
  ["that it has no hook_point", config({ hook_point: null }), /no hook_point: where it reads/],
  [
    "that its hook is no site",
    config({ hook_point: "blocks.8.attn.hook_z" }),
    /hook_point blocks\.8\.attn\.hook_z, which is no site/,
  ],
  ["that the layers disagree", config({ layer: 7 }), /says layer 7, but hook_point blocks\.8/],
  ["that the sites disagree", config({ site: "mlp_out" }), /says site mlp_out, but hook_point/],
  [
    "that its folder says another hook",
    (sae) => {
      sae.directory = "gemma-2-2b_blocks.7.hook_resid_pre_4_topk_2_0.0003_20000";
    },
    /folder says blocks\.7\.hook_resid_pre, but config\.json hook_point blocks\.8/,
  ],
  ["that it was trained on centred states", config({ model_name: "gpt2-small" }), isCentred],
  ["what tensors it does not read", state({ W_skip: numbers(2) }), /it holds W_skip, which/],
];

testMutations("BatchTopK", topK, { refused: REFUSED, flagged: FLAGGED });

Deno.test("a vanilla SAE of BatchTopK's uses its b_enc, and one of top-k does not", async () => {
  using directory = new TemporaryDirectory();
  const sae = topK();
  const { bias } = await (await openSae(writeSae(directory, sae))).read();
  assert.deepEqual(bias, new Float32Array(FEATURES));
  config({ sae_type: "vanilla", input_unit_norm: false })(sae);
  const vanilla = await (await openSae(writeSae(directory, sae))).read();
  assert.deepEqual(vanilla.bias, numbers(FEATURES).values);
  assert.deepEqual(vanilla.input.map(({ kind }) => kind), ["subtract"]);
});
