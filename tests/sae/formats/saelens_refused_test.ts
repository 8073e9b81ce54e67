/** What SAELens's files may not hold, or lack. */
import { config, state, together, without } from "./changes.ts";
import { floats, integer, type Mutation, numbers, testRefused } from "./mutations.ts";
import { FEATURES, scaler, standard } from "./saelens_files.ts";

const batchTopK = together(
  config({ architecture: "batchtopk", normalize_activations: "expected_average_only_in" }),
  state({ topk_threshold: floats([0.5], []) }),
);

const REFUSED: Mutation[] = [
  ["another d_in", config({ d_in: 5 }), /W_enc is 3 × 4, but cfg\.json says d_in 5/],
  ["another d_sae", config({ d_sae: 5 }), /says d_in 3 and d_sae 5/],
  ["topk without k", config({ architecture: "topk" }), /says topk, but not its k/],
  ["a k above the features", config({ architecture: "topk", k: 5 }), /k 5, expected 1 to 4/],
  ["a k of 0", config({ architecture: "topk", k: 0 }), /k 0, expected 1 to 4/],
  ["a k that is no integer", config({ architecture: "topk", k: 1.5 }), /k 1\.5, expected/],
  ["jumprelu without thresholds", config({ architecture: "jumprelu" }), /threshold is missing/],
  [
    "thresholds of another number",
    together(config({ architecture: "jumprelu" }), state({ threshold: numbers(3) })),
    /threshold has shape \[3\], expected \[4\]/,
  ],
  ["gated without its vectors", config({ architecture: "gated" }), /b_gate is missing/],
  [
    "a second activation of versions before 6",
    together(
      config({
        architecture: "jumprelu",
        activation_fn_str: "topk",
        activation_fn_kwargs: { k: 2 },
      }),
      state({ threshold: numbers(FEATURES) }),
    ),
    /says architecture jumprelu and activation_fn topk: versions of SAELens before 6 took both/,
  ],
  ["temporal", config({ architecture: "temporal" }), /reads .* the tokens before/],
  ["an unknown norm", config({ normalize_activations: "rms" }), /normalize_activations rms/],
  ["a decoder the other way", state({ W_dec: numbers(3, 4) }), /W_dec has shape \[3, 4\]/],
  ["an encoder the other way", state({ W_enc: numbers(4, 3) }), /expected \[3, 4\]/],
  ["a b_dec of another width", state({ b_dec: numbers(4) }), /b_dec has shape \[4\]/],
  ["a missing b_enc", without("b_enc"), /b_enc is missing/],
  ["a missing b_dec", without("b_dec"), /b_dec is missing/],
  ["NaN", state({ W_enc: floats(Array(12).fill(NaN), [3, 4]) }), /W_enc holds NaN/],
  [
    "infinity in the decoder",
    state({ W_dec: floats(Array(12).fill(Infinity), [4, 3]) }),
    /W_dec holds Infinity/,
  ],
  ["whole numbers", state({ b_enc: integer(1) }), /b_enc has shape \[\]/],
  [
    "a skip connection of no transcoder",
    state({ W_skip: numbers(3, 3) }),
    /says standard, but it has a W_skip/,
  ],
  [
    "a skip transcoder without one",
    config({ architecture: "skip_transcoder" }),
    /says skip_transcoder, but it has no W_skip/,
  ],
  [
    "a transcoder's other d_out",
    config({ architecture: "transcoder", d_out: 7 }),
    /W_dec is 4 × 3, but cfg\.json says d_out 7/,
  ],
  [
    "a scaling of features that the configuration denies",
    together(
      config({ finetuning_scaling_factor: false }),
      state({ finetuning_scaling_factor: floats([1, 2, 1, 1]) }),
    ),
    /says finetuning_scaling_factor false, but its finetuning_scaling_factor is not 1 throughout/,
  ],
  [
    "a checkpoint with whitening",
    scaler('{ "scaling_factor": null, "has_whitening": true }'),
    /whitening of the input is not folded .*save_inference_model/,
  ],
  ["a checkpoint without its scale", batchTopK, /activation_scaler\.json is missing/],
  [
    "a scale that is none",
    together(batchTopK, scaler('{ "scaling_factor": -1 }')),
    /scaling_factor: /,
  ],
  ["a configuration that is none", config({ d_in: "three" }), /d_in: /],
];

testRefused("SAELens", standard, REFUSED);
