/** An SAE of dictionary_learning that is right, for tests that change it. */
import type { Change } from "./changes.ts";
import { floats, integer, numbers, type TestSae } from "./mutations.ts";

/** The width of its states. */
export const WIDTH = 3;
/** How many features it has. */
export const FEATURES = 4;
/** How many of them it keeps. */
export const K = 2;

/** An SAE with the configuration of its training. */
export interface Trained extends TestSae {
  config: { name: string; fields: { trainer: Record<string, unknown>; buffer: { io: string } } };
}

/** A BatchTopKSAE as the library saves it. */
export function batchTopK(): Trained {
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

/** Sets fields of what trained it. */
export const trainer = (fields: Record<string, unknown>): Change => ({ config }) => {
  Object.assign(config!.fields.trainer as object, fields);
};
