/** llamascopium. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { config, state, without } from "./changes.ts";
import {
  floats,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
  writeSae,
} from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

const format = "llamascopium";
testOwnerCase("llamascopium_jumprelu", { format, architecture: "jumprelu" });
testOwnerCase("llamascopium_topk", { format, architecture: "topk" });
testOwnerCase("llamascopium_topk_token_wise", { format, architecture: "topk" });
testOwnerCase("llamascopium_glu", { format, architecture: "relu, glu" });
testOwnerCase("llamascopium_transcoder", { format, architecture: "jumprelu" });

const [WIDTH, FEATURES] = [4, 10];
const THRESHOLD = "activation_function.log_jumprelu_threshold";
const NORM = "dataset_average_activation_norm.blocks.3.hook_resid_post";

function jumpRelu(): TestSae {
  return {
    directory: "sae",
    weights: "sae_weights.safetensors",
    state: {
      W_E: numbers(WIDTH, FEATURES),
      b_E: numbers(FEATURES),
      W_D: numbers(FEATURES, WIDTH),
      b_D: numbers(WIDTH),
      [THRESHOLD]: numbers(FEATURES),
      [NORM]: floats([60], []),
    },
    config: {
      name: "config.json",
      fields: {
        sae_type: "sae",
        d_model: WIDTH,
        expansion_factor: 2.5,
        use_decoder_bias: true,
        act_fn: "jumprelu",
        norm_activation: "dataset-wise",
        sparsity_include_decoder_norm: true,
        top_k: 2,
        hook_point_in: "blocks.3.hook_resid_post",
        hook_point_out: "blocks.3.hook_resid_post",
        use_glu_encoder: false,
      },
    },
  };
}

const withGlu = (changes: Record<string, unknown>) => (sae: TestSae) => {
  config({ use_glu_encoder: true })(sae);
  state({ W_E_glu: numbers(WIDTH, FEATURES), b_E_glu: numbers(FEATURES), ...changes })(sae);
};

const REFUSED: Mutation[] = [
  ["attention heads", config({ sae_type: "lorsa" }), /sae_type lorsa: .* the tokens before/],
  ["matrices", config({ sae_type: "molt" }), /sae_type molt: its features are matrices/],
  ["crosscoders", config({ sae_type: "crosscoder" }), /crosscoder: one feature reads several/],
  ["an unknown type", config({ sae_type: "other" }), /not supported: .* sae_type other/],
  ["a second product that is missing", config({ use_glu_encoder: true }), /W_E_glu is missing/],
  [
    "a second product that is not said",
    state({ W_E_glu: numbers(4, 10) }),
    /use_glu_encoder false/,
  ],
  [
    "a second product the other way",
    withGlu({ W_E_glu: numbers(10, 4) }),
    /W_E_glu has shape \[10, 4\], expected \[4, 10\]/,
  ],
  [
    "a second product's bias of another length",
    withGlu({ b_E_glu: numbers(9) }),
    /b_E_glu has shape \[9\]/,
  ],
  [
    "NaN in a second product",
    withGlu({ W_E_glu: floats(Array(40).fill(NaN), [4, 10]) }),
    /W_E_glu holds NaN/,
  ],
  ["top-k over a batch", config({ act_fn: "batchtopk" }), /depends on the other rows/],
  ["an unknown activation", config({ act_fn: "gelu" }), /act_fn gelu, expected relu/],
  ["an unknown norm", config({ norm_activation: "rms" }), /norm_activation rms, expected/],
  ["a norm of the batch", config({ norm_activation: "batch-wise" }), /what the batch is like/],
  ["another d_model", config({ d_model: 5 }), /10 features for width 4, but .* d_model 5/],
  ["another expansion", config({ expansion_factor: 3 }), /says 12 for d_model 4/],
  ["a k above the features", config({ act_fn: "topk", top_k: 11 }), /top_k 11, expected 1 to 10/],
  ["a k that is missing", config({ act_fn: "topk", top_k: undefined }), /does not say top_k/],
  ["no thresholds", without(THRESHOLD), /log_jumprelu_threshold is missing/],
  ["no average norm", without(NORM), /dataset_average_activation_norm.* is missing/],
  ["an average norm below 0", state({ [NORM]: floats([-1], []) }), /is -1, expected the average/],
  ["no bias where there is to be one", without("b_D"), /b_D is missing/],
  ["a decoder the other way", state({ W_D: numbers(4, 10) }), /W_D has shape \[4, 10\]/],
  ["infinity", state({ b_E: floats(Array(10).fill(Infinity)) }), /b_E holds Infinity/],
];

const FLAGGED: Mutation[] = [
  ["that thresholds are not used", config({ act_fn: "relu" }), /act_fn relu, but it has/],
  ["what it does not read", state({ W_other: numbers(2) }), /it holds W_other/],
  [
    "that a prediction has no scale",
    config({ hook_point_out: "blocks.3.hook_mlp_out", norm_activation: "token-wise" }),
    /in units of the length of each output/,
  ],
];

testMutations("llamascopium", jumpRelu, { refused: REFUSED, flagged: FLAGGED });

Deno.test("llamascopium's folded norms are not applied again", async () => {
  using directory = new TemporaryDirectory();
  const sae = jumpRelu();
  const steps = async () => (await (await openSae(writeSae(directory, sae))).read()).input;
  assert.deepEqual(await steps(), [{ kind: "scale", factor: 2 / 60 }]);
  config({ norm_activation: "inference" })(sae);
  assert.deepEqual(await steps(), []);
});
