/** An SAE of SAELens that is right, for tests that change it. */
import type { Change } from "./changes.ts";
import { numbers, type TestSae } from "./mutations.ts";

/** The width of its states. */
export const WIDTH = 3;
/** How many features it has. */
export const FEATURES = 4;

/** A standard SAE as the library saves it. */
export function standard(): TestSae {
  return {
    directory: "sae",
    weights: "sae_weights.safetensors",
    state: {
      W_enc: numbers(WIDTH, FEATURES),
      b_enc: numbers(FEATURES),
      W_dec: numbers(FEATURES, WIDTH),
      b_dec: numbers(WIDTH),
    },
    config: {
      name: "cfg.json",
      fields: {
        architecture: "standard",
        d_in: WIDTH,
        d_sae: FEATURES,
        dtype: "float32",
        apply_b_dec_to_input: true,
        normalize_activations: "none",
        metadata: { hook_name: "blocks.2.hook_resid_pre" },
      },
    },
  };
}

/** Lays what a training says of the scale of its input beside it. */
export const scaler = (text: string): Change => (sae) => {
  sae.others = { "activation_scaler.json": text };
};
