/** What a user is told of SAELens's files, which are read all the same. */
import { config, state, together, without } from "./changes.ts";
import { floats, type Mutation, numbers, testFlagged } from "./mutations.ts";
import { FEATURES, standard } from "./saelens_files.ts";

const FLAGGED: Mutation[] = [
  ["that nothing names its hook", config({ metadata: {} }), /cfg\.json has no hook_name/],
  ["that the type differs", config({ dtype: "float16" }), /dtype float16, but W_enc is float32/],
  [
    "that thresholds are not used",
    state({ threshold: numbers(FEATURES) }),
    /architecture is standard, but it has a threshold/,
  ],
  ["what it does not read", state({ W_enc_lora_A: numbers(2) }), /it holds W_enc_lora_A/],
  [
    "that states were centred",
    config({
      metadata: {
        hook_name: "blocks.2.hook_resid_pre",
        model_from_pretrained_kwargs: { center_writing_weights: true },
      },
    }),
    /center_writing_weights/,
  ],
  [
    "that a norm is not in the file",
    config({ normalize_activations: true }),
    /expected_average_only_in, whose numbers it does not hold/,
  ],
  [
    "that its path names another layer",
    (sae) => {
      sae.directory = "blocks.7.hook_resid_pre";
    },
    /path says layer 7 \(blocks\.7\.hook_resid_pre\), but .* blocks\.2/,
  ],
  ["that layers disagree", config({ hook_layer: 5 }), /says layer 5, but its hook is blocks\.2/],
  [
    "an activation that today's version takes for another",
    config({ activation_fn_str: "tanh-relu" }),
    /activation_fn tanh-relu, which SAELens 6 reads as relu/,
  ],
  [
    "an activation of gates that today's version takes for another",
    together(
      config({ architecture: "gated", activation_fn_str: "tanh-relu" }),
      state({ b_gate: numbers(FEATURES), b_mag: numbers(FEATURES), r_mag: numbers(FEATURES) }),
      without("b_enc"),
    ),
    /activation_fn tanh-relu, which SAELens 6 reads as relu/,
  ],
  [
    "a k that its architecture has no use for",
    config({ k: 2 }),
    /says k 2, which .* standard does/,
  ],
  [
    "a bias that no transcoder subtracts",
    config({ architecture: "transcoder" }),
    /says apply_b_dec_to_input true, which its architecture transcoder does not use/,
  ],
  ["that it reads one head", config({ hook_head_index: 2 }), /reads head 2 of its hook/],
  [
    "that a square encoder may lie the other way",
    together(config({ d_sae: 3 }), (sae) => {
      // The encoder's rows are what the decoder's rows are; its columns should be.
      const rows = [[0, 1, 0], [0, 0, 1], [1, 0, 0]].flat();
      sae.state = {
        W_enc: floats(rows, [3, 3]),
        b_enc: numbers(3),
        W_dec: floats(rows, [3, 3]),
        b_dec: numbers(3),
      };
    }),
    /W_enc is 3 × 3, .* turned round/,
  ],
];

testFlagged("SAELens", standard, FLAGGED);
