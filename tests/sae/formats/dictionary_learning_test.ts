/** dictionary_learning and jkminder's fork of it. */
import assert from "node:assert/strict";
import { siteText } from "../../../lib/lm/site.ts";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { state, together, without } from "./changes.ts";
import {
  floats,
  integer,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
  TestTensor,
  writeSae,
} from "./mutations.ts";
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

const [WIDTH, FEATURES, K] = [3, 4, 2];

interface Trained extends TestSae {
  config: { name: string; fields: { trainer: Record<string, unknown>; buffer: { io: string } } };
}

/** A BatchTopKSAE as the library saves it. */
function batchTopK(): Trained {
  return {
    directory: "resid_post_layer_3/trainer_0",
    weights: "ae.pt",
    state: {
      "b_dec": numbers(WIDTH),
      "k": integer(K),
      "threshold": floats([0.5], []),
      "decoder.weight": numbers(WIDTH, FEATURES),
      "encoder.weight": numbers(FEATURES, WIDTH),
      "encoder.bias": numbers(FEATURES),
    },
    config: {
      name: "config.json",
      fields: {
        trainer: {
          trainer_class: "BatchTopKTrainer",
          dict_class: "BatchTopKSAE",
          layer: 3,
          activation_dim: WIDTH,
          dict_size: FEATURES,
          k: K,
          submodule_name: "resid_post_layer_3",
        },
        buffer: { io: "out" },
      },
    },
  };
}

const trainer = (fields: Record<string, unknown>) => ({ config }: TestSae) => {
  Object.assign(config!.fields.trainer as object, fields);
};
/** The tensors that the fork adds. */
const normaliser = (mean: number[], deviation: number[], scale = 2) =>
  state({
    target_rms: floats([1], []),
    activation_mean: floats(mean),
    activation_std: floats(deviation),
    activation_global_scale: floats([scale], []),
  });

const REFUSED: Mutation[] = [
  ["a k that the tensor is not", trainer({ k: 3 }), /config\.json says k 3, but its tensor k is 2/],
  [
    "a negative k",
    together(trainer({ k: -4 }), state({ k: integer(-4) })),
    /k -4, expected 1 to 4/,
  ],
  ["more features kept than there are", state({ k: integer(5) }), /k 5, expected 1 to 4/],
  [
    "another width",
    trainer({ activation_dim: 5 }),
    /activation_dim 5, but its tensors have width 3/,
  ],
  ["another number of features", trainer({ dict_size: 9 }), /dict_size 9, but the number.* is 4/],
  ["a missing bias", without("b_dec"), /b_dec is missing/],
  ["a missing decoder", without("decoder.weight"), /decoder\.weight is missing/],
  [
    "a decoder that lies the other way",
    state({ "decoder.weight": numbers(FEATURES, WIDTH) }),
    /decoder\.weight has shape \[4, 3\], expected \[3, 4\]/,
  ],
  [
    "a bias of another length",
    state({ "encoder.bias": numbers(3) }),
    /encoder\.bias has shape \[3\], expected \[4\]/,
  ],
  ["a threshold a feature", state({ threshold: numbers(FEATURES) }), /threshold has shape \[4\]/],
  [
    "a threshold that is no number",
    state({ threshold: floats([NaN], []) }),
    /threshold is NaN, expected a finite number/,
  ],
  [
    "a weight that is no number",
    state({ "encoder.weight": floats(Array(12).fill(NaN), [4, 3]) }),
    /encoder\.weight holds NaN at position 0/,
  ],
  [
    "two classes of which nothing says one",
    trainer({ dict_class: null, trainer_class: null }),
    /AutoEncoderTopK and of BatchTopKSAE, and nothing says dict_class/,
  ],
  [
    "a batch's top-k without the threshold that stands for it",
    without("threshold"),
    /dict_class BatchTopKSAE, but .* no threshold.* depend on the rows beside it/,
  ],
  [
    "the same where only the trainer says it",
    together(without("threshold"), trainer({ dict_class: null })),
    /trainer_class BatchTopKTrainer, but .* no threshold/,
  ],
  [
    "top-k as it was before k was a tensor, whose k nothing says",
    together(
      without("k", "threshold"),
      trainer({ dict_class: "AutoEncoderTopK", trainer_class: "TrainerTopK", k: null }),
    ),
    /config\.json does not say k/,
  ],
  [
    "the same with a k above the features",
    together(
      without("k", "threshold"),
      trainer({ dict_class: "AutoEncoderTopK", trainer_class: "TrainerTopK", k: 5 }),
    ),
    /config\.json says k 5, expected 1 to 4/,
  ],
  [
    "a batch's top-k of that time",
    without("k", "threshold"),
    /dict_class BatchTopKSAE, but .* no threshold/,
  ],
  [
    "what an interrupted training leaves",
    (sae) => {
      sae.state = { step: 4000, ae: {}, optimizer: {}, norm_factor: 61.5 };
    },
    /an interrupted training leaves.*norm_factor \(61\.5\)/,
  ],
  [
    "a crosscoder",
    together(trainer({ dict_class: "CrossCoder" }), state({ "encoder.weight": numbers(2, 3, 4) })),
    /is a crosscoder/,
  ],
  [
    "tensors of no class",
    without("encoder.weight"),
    /the tensors of no class of dictionary_learning/,
  ],
  [
    "groups that are not all features",
    (sae) => {
      sae.state = {
        W_enc: numbers(WIDTH, FEATURES),
        b_enc: numbers(FEATURES),
        W_dec: numbers(FEATURES, WIDTH),
        b_dec: numbers(WIDTH),
        k: integer(K),
        threshold: floats([0.5], []),
        group_sizes: new TestTensor([2], Int32Array.of(1, 2)),
      };
    },
    /group_sizes \(1, 2\) come to 3, but it has 4 features/,
  ],
  [
    "a mean of which a part is no number",
    normaliser([1, NaN, 1], [1, 1, 1]),
    /activation_mean holds NaN at position 1/,
  ],
  [
    "a normaliser without a scale",
    normaliser([1, 1, 1], [1, 1, 1], 0),
    /activation_global_scale is 0, expected a number above 0/,
  ],
  [
    "a configuration of another type",
    trainer({ dict_size: "many" }),
    /config\.json: trainer\.dict_size: invalid input: expected number/,
  ],
];

const FLAGGED: Mutation[] = [
  [
    "top-k of a state, as it was before thresholds, of another trainer",
    together(without("threshold"), trainer({ dict_class: "AutoEncoderTopK" })),
    /trainer_class BatchTopKTrainer, which makes BatchTopKSAE, but dict_class AutoEncoderTopK/,
  ],
  [
    "that the class is another's",
    trainer({ dict_class: "AutoEncoder" }),
    /says dict_class AutoEncoder, but its tensors .* are those of BatchTopKSAE/,
  ],
  [
    "that the trainer makes another class",
    trainer({ dict_class: "AutoEncoderTopK" }),
    /trainer_class BatchTopKTrainer, which makes BatchTopKSAE, but dict_class AutoEncoderTopK/,
  ],
  [
    "that the threshold was never set",
    state({ threshold: floats([-1], []) }),
    /its threshold is -1, as before the training set it/,
  ],
  [
    "that it reads the input",
    ({ config }) => {
      (config!.fields.buffer as { io: string }).io = "in";
    },
    /says io "in": it reads the input of resid_post_layer_3/,
  ],
  [
    "that its folder says another layer",
    trainer({ layer: 7, submodule_name: "resid_post_layer_7" }),
    /folder resid_post_layer_3 says layer 3, but config\.json says 7/,
  ],
  [
    "that layer and submodule disagree",
    trainer({ layer: 7 }),
    /says layer 7, but its submodule_name is resid_post_layer_3/,
  ],
  [
    "that the submodule is unknown",
    trainer({ submodule_name: "final_norm" }),
    /submodule_name final_norm, which is no site/,
  ],
  ["what tensors it does not read", state({ lora_A: numbers(2, 2) }), /it holds lora_A, which/],
  [
    "that there is no configuration",
    (sae) => {
      delete sae.config;
      sae.state = {
        "bias": numbers(WIDTH),
        "encoder.weight": numbers(FEATURES, WIDTH),
        "encoder.bias": numbers(FEATURES),
        "decoder.weight": numbers(WIDTH, FEATURES),
      };
    },
    /there is no config\.json/,
  ],
  [
    "that a square encoder fits better when it is turned round",
    together(
      trainer({
        dict_class: "JumpReluAutoEncoder",
        dict_size: WIDTH,
        k: null,
        trainer_class: null,
      }),
      (sae) => {
        sae.state = {
          W_enc: floats([1, 5, 0, 0, 1, 0, 5, 0, 1], [3, 3]),
          b_enc: numbers(WIDTH),
          W_dec: floats([1, 5, 0, 0, 1, 0, 5, 0, 1], [3, 3]),
          b_dec: numbers(WIDTH),
          threshold: numbers(WIDTH),
        };
      },
    ),
    /W_enc is 3 × 3, .* fits W_dec better when it is turned round/,
  ],
];

testMutations("dictionary_learning", batchTopK, { refused: REFUSED, flagged: FLAGGED });

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
