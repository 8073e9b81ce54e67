/** What dictionary_learning's files may not hold, or lack. */
import { state, together, without } from "./changes.ts";
import { batchTopK, FEATURES, K, trainer, WIDTH } from "./dictionary_learning_files.ts";
import { floats, integer, type Mutation, numbers, testRefused, TestTensor } from "./mutations.ts";

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

testRefused("dictionary_learning", batchTopK, REFUSED);
