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
  /** Its `W_enc`, `[width, features]`. Default: random. */
  encoder?: Float32Array;
  /** Its `W_dec`, `[features, width]`. Default: random. */
  decoder?: Float32Array;
  /** More of its `cfg.json`. */
  config?: Record<string, unknown>;
}

/** Writes an SAE as SAELens does, into a folder. */
export function writeSaelens(
  directory: TemporaryDirectory,
  folder: string,
  { hook = "blocks.1.hook_resid_pre", width = 8, features = 12, seed = 3, ...others }: TinySae = {},
): void {
  const { config = {}, encoder, decoder } = others;
  const random = (at: number) => randomNumbers(width * features, seed + at);
  const bias = encoder ? new Float32Array(features) : randomNumbers(features, seed + 2);
  const tensors = new Map<string, TinyTensor>([
    ["W_enc", { shape: [width, features], values: encoder ?? random(0) }],
    ["W_dec", { shape: [features, width], values: decoder ?? random(1) }],
    ["b_enc", { shape: [features], values: bias }],
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
