/** SAEs of other formats than AlignSAE's, tiny, for the tiny model. */
import type { TemporaryDirectory } from "./temporary.ts";
import { randomNumbers, safetensors, type TinyTensor } from "./tiny_model.ts";

/** How a tiny SAE differs from the plain one. */
export interface TinySae {
  /** Where it reads, by its `cfg.json`. Default: `blocks.1.hook_resid_pre`. */
  hook?: string | undefined;
  /** The width of the states. Default: that of the tiny model. */
  width?: number;
  /** How many features it has. */
  features?: number;
  /** What chooses its numbers. */
  seed?: number;
  /** More of its `cfg.json`. */
  config?: Record<string, unknown>;
}

/** Writes an SAE as SAELens does, into a folder. */
export function writeSaelens(
  directory: TemporaryDirectory,
  folder: string,
  { hook = "blocks.1.hook_resid_pre", width = 8, features = 12, seed = 3, config = {} }: TinySae =
    {},
): void {
  const tensors = new Map<string, TinyTensor>([
    ["W_enc", { shape: [width, features], values: randomNumbers(width * features, seed) }],
    ["W_dec", { shape: [features, width], values: randomNumbers(width * features, seed + 1) }],
    ["b_enc", { shape: [features], values: randomNumbers(features, seed + 2) }],
    ["b_dec", { shape: [width], values: new Float32Array(width) }],
  ]);
  directory.write(`${folder}/sae_weights.safetensors`, safetensors(tensors));
  const metadata = hook === "" ? {} : { hook_name: hook };
  directory.write(
    `${folder}/cfg.json`,
    JSON.stringify({
      architecture: "standard",
      d_in: width,
      d_sae: features,
      apply_b_dec_to_input: false,
      normalize_activations: "none",
      metadata,
      ...config,
    }),
  );
}
