/** What a user is told of dictionary_learning's files, which are read all the same. */
import { state, together, without } from "./changes.ts";
import { batchTopK, FEATURES, trainer, WIDTH } from "./dictionary_learning_files.ts";
import { floats, type Mutation, numbers, testFlagged } from "./mutations.ts";

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

testFlagged("dictionary_learning", batchTopK, FLAGGED);
