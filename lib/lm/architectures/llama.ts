/**
 * Llama 2 and 3, and the architectures that differ from it in a few words: Mistral, Phi-3, Qwen 2 and 3.
 *
 * Source: https://github.com/huggingface/transformers/tree/main/src/transformers/models, the folders
 * llama, mistral, phi3, qwen2 and qwen3
 *
 * @module
 */
import type { Architecture } from "../decoder.ts";
import type { Rope } from "../parts/rope.ts";
import { gatedDecoder, type GatedOptions } from "./gated_decoder.ts";
import {
  type GatedDefaults,
  type GatedFields,
  gatedSchema,
  type Heads,
  headsOf,
  readGatedFields,
} from "./gated_fields.ts";
import type { SizeFields } from "./config_fields.ts";
import { originalPositions, ropeOf } from "./rope_fields.ts";

/** The sizes of Llama's class; those of the others differ in some. */
const SIZES: Readonly<SizeFields> = {
  vocab_size: 32_000,
  hidden_size: 4096,
  intermediate_size: 11_008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  max_position_embeddings: 2048,
};
const MISTRAL_SIZES = { ...SIZES, intermediate_size: 14_336, max_position_embeddings: 131_072 };
const PHI3_SIZES = {
  ...SIZES,
  vocab_size: 32_064,
  hidden_size: 3072,
  intermediate_size: 8192,
  max_position_embeddings: 4096,
};
const QWEN_SIZES = {
  ...SIZES,
  vocab_size: 151_936,
  intermediate_size: 22_016,
  max_position_embeddings: 32_768,
};

/** Llama: no window, biases where `config.json` wants them. */
export const llama: Architecture = {
  modelType: "llama",
  classes: /^Llama(?:Model|For[A-Z]\w*)$/,
  read: (text, path) =>
    read("llama", text, path, { sizes: SIZES }, ({ attention_bias, mlp_bias }) => ({
      biases: {
        projection: attention_bias ?? false,
        output: attention_bias ?? false,
        mlp: mlp_bias ?? false,
      },
    })),
};

/** Mistral: a window in every block. */
export const mistral: Architecture = {
  modelType: "mistral",
  classes: /^Mistral(?:Model|For[A-Z]\w*)$/,
  read: (text, path) =>
    read(
      "mistral",
      text,
      path,
      { sizes: MISTRAL_SIZES, keyHeads: 8 },
      ({ sliding_window: window }) => ({
        window: () => window === undefined ? 4096 : window ?? undefined, // null: none
      }),
    ),
};

/** Phi-3: two matrices where Llama has five. */
export const phi3: Architecture = {
  modelType: "phi3",
  classes: /^Phi3(?:Model|For[A-Z]\w*)$/,
  read: (text, path) =>
    read("phi3", text, path, { sizes: PHI3_SIZES }, ({ sliding_window: window, rms_norm_eps }) => ({
      window: () => window ?? undefined,
      epsilon: rms_norm_eps ?? 1e-5,
      isFused: true,
    })),
};

/** Qwen 2: biases of queries, keys and values. */
export const qwen2: Architecture = {
  modelType: "qwen2",
  classes: /^Qwen2(?:Model|For[A-Z]\w*)$/,
  read: (text, path) =>
    read("qwen2", text, path, { sizes: QWEN_SIZES, keyHeads: 32 }, (fields) => ({
      window: (block) => qwenWindow(fields, block),
      biases: { projection: true },
    })),
};

/** Qwen 3: norms of each query and key. */
export const qwen3: Architecture = {
  modelType: "qwen3",
  classes: /^Qwen3(?:Model|For[A-Z]\w*)$/,
  read: (text, path) =>
    read("qwen3", text, path, { sizes: QWEN_SIZES, keyHeads: 32, headSize: 128 }, (fields) => ({
      window: (block) => qwenWindow(fields, block),
      biases: {
        projection: fields.attention_bias ?? false,
        output: fields.attention_bias ?? false,
      },
      hasHeadNorms: true,
    })),
};

/** `max_window_layers` counts the blocks at the bottom, those without a window. */
function qwenWindow(fields: GatedFields, block: number): number | undefined {
  const { use_sliding_window, layer_types: types, max_window_layers: without } = fields;
  if (!use_sliding_window) return undefined; // the number is there all the same
  const isWindowed = types == null
    ? block >= (without ?? 28)
    : types[block] === "sliding_attention";
  if (!isWindowed || fields.sliding_window === null) return undefined;
  return fields.sliding_window ?? 4096;
}

/** Reads a model with what is Llama's, but for what an architecture says. */
function read(
  modelType: string,
  text: string,
  path: string,
  defaults: GatedDefaults,
  own: (fields: GatedFields) => Partial<GatedOptions>,
): ReturnType<typeof gatedDecoder> {
  const fields = readGatedFields(gatedSchema(defaults.sizes), text, path);
  const heads = headsOf(fields, defaults, path);
  const rope = ropeFor(fields, heads, path);
  return gatedDecoder(fields, {
    modelType,
    heads,
    scale: heads.headSize ** -0.5,
    window: () => undefined,
    rope: () => rope,
    activation: fields.hidden_act ?? "silu",
    epsilon: fields.rms_norm_eps ?? 1e-6,
    ...own(fields),
  });
}

function ropeFor(fields: GatedFields, { headSize }: Heads, path: string): Rope {
  return ropeOf(fields.rope_scaling ?? fields.rope_parameters, {
    theta: fields.rope_theta ?? 10_000,
    fraction: fields.partial_rotary_factor ?? 1,
    headSize,
    positions: originalPositions(fields),
    path,
  });
}
