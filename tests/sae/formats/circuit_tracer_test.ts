/** circuit-tracer's transcoders. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { state, without } from "./changes.ts";
import {
  floats,
  integer,
  type Mutation,
  numbers,
  safetensorsOf,
  testMutations,
  type TestSae,
  writeSae,
} from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

const format = "circuit-tracer";
testOwnerCase("circuit_tracer_jumprelu_skip", { format, architecture: "jumprelu transcoder" });
testOwnerCase("mwhanna_transcoder", { format, architecture: "relu transcoder" });
testOwnerCase("mntss_clt_layer", {
  format,
  architecture: "relu cross-layer transcoder",
  notes: [/predicts 4 layers: what it decodes is the sum of all of them/],
});

const [WIDTH, FEATURES] = [3, 4];
const THRESHOLD = "activation_function.threshold";
const CONFIG = "model_name: some/model\nmodel_kind: transcoder_set\n" +
  'feature_input_hook: "mlp.hook_in" # read\nfeature_output_hook: mlp.hook_out\n';

function layer(): TestSae {
  return {
    directory: "transcoders",
    weights: "layer_2.safetensors",
    state: {
      W_enc: numbers(FEATURES, WIDTH),
      b_enc: numbers(FEATURES),
      W_dec: numbers(FEATURES, WIDTH),
      b_dec: numbers(WIDTH),
      W_skip: numbers(WIDTH, WIDTH),
      [THRESHOLD]: numbers(FEATURES),
    },
    others: { "config.yaml": CONFIG },
  };
}

function crossLayer(): TestSae {
  return {
    directory: "clt",
    weights: "W_enc_1.safetensors",
    state: {
      W_enc_1: numbers(FEATURES, WIDTH),
      b_enc_1: numbers(FEATURES),
      b_dec_1: numbers(WIDTH),
    },
    others: {
      "config.yaml": CONFIG.replace("transcoder_set", "cross_layer_transcoder"),
      "W_dec_1.safetensors": safetensorsOf({ W_dec_1: numbers(FEATURES, 2, WIDTH) }),
    },
  };
}

const other = (name: string, content: string | Uint8Array) => (sae: TestSae) => {
  sae.others![name] = content;
};
const withoutOther = (name: string) => (sae: TestSae) => {
  delete sae.others![name];
};

testMutations("circuit-tracer", layer, {
  refused: [
    [
      "logarithms of thresholds",
      state({ log_thresholds: numbers(4) }),
      /log_thresholds, which its/,
    ],
    ["thresholds of another number", state({ [THRESHOLD]: numbers(3) }), /threshold has shape/],
    ["a decoder the other way", state({ W_dec: numbers(3, 4) }), /W_dec has shape \[3, 4\]/],
    ["a bias of another number", state({ b_enc: numbers(3) }), /b_enc has shape \[3\]/],
    ["a bias of another width", state({ b_dec: numbers(4) }), /b_dec has shape \[4\]/],
    ["no bias", without("b_enc"), /b_enc is missing/],
    ["a skip connection of another width", state({ W_skip: numbers(4, 4) }), /W_skip has shape/],
    ["whole numbers", state({ W_skip: integer(1) }), /W_skip has shape \[\]/],
    ["NaN", state({ W_enc: floats(Array(12).fill(NaN), [4, 3]) }), /W_enc holds NaN/],
    ["infinity", state({ W_dec: floats(Array(12).fill(Infinity), [4, 3]) }), /W_dec holds/],
    [
      "several layers",
      other("layer_3.safetensors", safetensorsOf(layer().state)),
      /transcoders of 2 layers .*name the file of one of them/,
    ],
    [
      "another kind",
      other("config.yaml", CONFIG.replace("transcoder_set", "cross_layer_transcoder")),
      /model_kind cross_layer_transcoder, but the files are/,
    ],
    [
      "a key that stands there twice",
      other("config.yaml", `${CONFIG}model_kind: other\n`),
      /says model_kind twice: transcoder_set and other/,
    ],
  ],
  flagged: [
    ["that nothing names its hooks", withoutOther("config.yaml"), /no config\.yaml beside it/],
    ["that no hook is named", other("config.yaml", "scan: x\n"), /has no feature_input_hook/],
    ["what it does not read", state({ W_other: numbers(2) }), /it holds W_other/],
  ],
});

const CROSS_LAYER_REFUSED: Mutation[] = [
  [
    "a decoder of another number of features",
    other("W_dec_1.safetensors", safetensorsOf({ W_dec_1: numbers(5, 2, 3) })),
    /W_dec_1 has shape \[5, 2, 3\], expected \[4, layers, 3\]/,
  ],
  [
    "a decoder of one layer without an axis for it",
    other("W_dec_1.safetensors", safetensorsOf({ W_dec_1: numbers(4, 3) })),
    /W_dec_1 has shape \[4, 3\]/,
  ],
  ["no bias", without("b_dec_1"), /b_dec_1 is missing/],
  ["thresholds of another number", state({ threshold_1: numbers(3) }), /threshold_1 has shape/],
  ["another kind", other("config.yaml", CONFIG), /model_kind transcoder_set, but the files are/],
  ["no encoder's bias", without("b_enc_1"), /b_enc_1 is missing/],
  ["a bias of another width", state({ b_dec_1: numbers(5) }), /b_dec_1 has shape \[5\]/],
  [
    "NaN",
    state({ W_enc_1: floats(Array(FEATURES * WIDTH).fill(NaN), [FEATURES, WIDTH]) }),
    /W_enc_1 holds NaN/,
  ],
  [
    "infinity in a layer of the decoder",
    other(
      "W_dec_1.safetensors",
      safetensorsOf({
        W_dec_1: floats(Array(FEATURES * 2 * WIDTH).fill(Infinity), [FEATURES, 2, WIDTH]),
      }),
    ),
    /W_dec_1 holds Infinity/,
  ],
];

testMutations("circuit-tracer's cross-layer transcoders", crossLayer, {
  refused: CROSS_LAYER_REFUSED,
  flagged: [
    ["that it has no decoder", withoutOther("W_dec_1.safetensors"), /has no decoder/],
    ["what it does not read", state({ scale_1: numbers(FEATURES) }), /it holds scale_1/],
  ],
  always: [/predicts 2 layers/],
});

Deno.test("circuit-tracer's file of one layer is read where several lie together", async () => {
  using directory = new TemporaryDirectory();
  const sae = layer();
  other("layer_3.safetensors", safetensorsOf(sae.state))(sae);
  const path = writeSae(directory, sae);
  const { siteInWords } = await openSae(`${path}/layer_3.safetensors`);
  assert.equal(siteInWords, "blocks.3.mlp.hook_in");
  await assert.rejects(openSae(path), inputError(/layer_2\.safetensors, layer_3\.safetensors/));
});

Deno.test("circuit-tracer's JumpReLU has no floor below a negative threshold, as its owner's has none", async () => {
  using directory = new TemporaryDirectory();
  const sae = layer();
  const activation = async () =>
    (await (await openSae(writeSae(directory, sae))).read()).activation;
  assert.deepEqual(Object.keys(await activation()), ["threshold"]);
  sae.state[THRESHOLD] = floats([-0.5], []);
  assert.deepEqual(await activation(), { threshold: -0.5 });
  delete sae.state[THRESHOLD];
  assert.deepEqual(await activation(), { threshold: 0 });
});
