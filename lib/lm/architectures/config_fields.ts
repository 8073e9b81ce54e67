/**
 * The fields of a `config.json` that shape the computation, of each architecture. Those that
 * transformers may leave out, or write as null, have their defaults here or where they are used.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../../files/json.ts";
import type { DecoderConfig } from "../decoder.ts";
import { type ActivationName, ACTIVATIONS } from "../parts/activation.ts";
import { DEFAULT_SIZES, type SizedType } from "./default_sizes.ts";

const count = z.int().positive().lt(2 ** 24);
const blockCount = z.int().positive().lt(1000);
const epsilon = z.number().positive().lt(1);
const positive = z.number().positive().lt(1e12);
const fraction = z.number().positive().max(1);
const activationName = oneOf(Object.keys(ACTIVATIONS) as [ActivationName]);

/** One of some texts; another is named, and so are those that are known. */
function oneOf<T extends string>(known: readonly [T, ...T[]]) {
  return z.enum(known, {
    error: ({ input }) =>
      typeof input === "string"
        ? `${JSON.stringify(input)} is not implemented; known are ${known.join(", ")}`
        : undefined,
  });
}

/** A field that may be missing or null; then it has its default. */
function orDefault<T>(schema: z.ZodType<T>, value: T) {
  return schema.nullish().transform((given) => given ?? value);
}

/** The fields of a GPT-2. */
export interface Gpt2Config extends DecoderConfig {
  /** The architecture: always `gpt2`. */
  readonly model_type: "gpt2";
  /** Attention heads a block. */
  readonly n_head: number;
  /** The width of the MLP's hidden layer; null for 4 × n_embd. */
  readonly n_inner: number | null;
  /** The MLP's activation function. */
  readonly activation_function: ActivationFunction;
  /** What LayerNorm adds to the variance. */
  readonly layer_norm_epsilon: number;
  /** Whether attention scores are divided by the root of the head's width. */
  readonly scale_attn_weights: boolean;
  /** Whether they are divided by the block's number (from 1), too. */
  readonly scale_attn_by_inverse_layer_idx: boolean;
}

/** Activation functions by their names in `transformers`. */
export type ActivationFunction = "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" | "gelu" | "relu";

/** The schema of `config.json`. Fields that GPT-2 checkpoints may leave out have their defaults. */
export const gpt2ConfigSchema: Schema<Gpt2Config> = z.object({
  model_type: z.literal("gpt2").default("gpt2"), // where it is missing, the architectures say it
  vocab_size: count.default(50_257),
  n_positions: count.default(1024),
  n_embd: count.default(768),
  n_layer: blockCount,
  n_head: count.default(12),
  n_inner: count.nullable().default(null),
  activation_function: oneOf(["gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu", "relu"])
    .default("gelu_new"),
  layer_norm_epsilon: z.number().positive().lt(1).default(1e-5),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
});

/** `rope_parameters` of transformers 5, or `rope_scaling` of 4. */
export interface RopeParameters {
  /** How frequencies are scaled. */
  rope_type?: string | null | undefined;
  /** Its older name. */
  type?: string | null | undefined;
  /** The base of the frequencies. */
  rope_theta?: number | null | undefined;
  /** Which part of a head is rotated. */
  partial_rotary_factor?: number | null | undefined;
  /** By how much frequencies are divided. */
  factor?: number | null | undefined;
  /** Of llama3: waves longer than the original length over this are scaled in full. */
  low_freq_factor?: number | null | undefined;
  /** Of llama3: waves shorter than the original length over this stay. */
  high_freq_factor?: number | null | undefined;
  /** Of llama3: the length that the model was first trained for. */
  original_max_position_embeddings?: number | null | undefined;
  /** Of Gemma 3: the rope of blocks without a window. */
  full_attention?: RopeParameters | null | undefined;
  /** Of Gemma 3: the rope of blocks with a window. */
  sliding_attention?: RopeParameters | null | undefined;
}

const oneRope = {
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  rope_theta: positive.nullish(),
  partial_rotary_factor: fraction.nullish(),
  factor: positive.nullish(),
  low_freq_factor: positive.nullish(),
  high_freq_factor: positive.nullish(),
  original_max_position_embeddings: count.nullish(),
};
const rope = z.object(oneRope).nullish();
const ropes = z.object({ ...oneRope, full_attention: rope, sliding_attention: rope }).nullish();

/** Where a `config.json` speaks of rope. */
export interface RopeFields {
  /** As transformers 5 writes it. */
  rope_parameters?: RopeParameters | null | undefined;
  /** As transformers 4 did. */
  rope_scaling?: RopeParameters | null | undefined;
  /** The base of the frequencies. */
  rope_theta?: number | null | undefined;
  /** Which part of a head is rotated. */
  partial_rotary_factor?: number | null | undefined;
  /** The length that the model was first trained for. */
  original_max_position_embeddings?: number | null | undefined;
  /** The longest prompt. */
  max_position_embeddings: number;
}

const ropeFields = {
  rope_parameters: ropes,
  rope_scaling: rope,
  rope_theta: positive.nullish(),
  partial_rotary_factor: fraction.nullish(),
  original_max_position_embeddings: count.nullish(),
};

/** Sizes that all but GPT-2 call alike. */
export interface SizeFields {
  /** How many tokens there are. */
  vocab_size: number;
  /** The width of the residual stream. */
  hidden_size: number;
  /** The width of the MLP's hidden layer. */
  intermediate_size: number;
  /** How many blocks there are. */
  num_hidden_layers: number;
  /** How many heads ask. */
  num_attention_heads: number;
}

/** Sizes that are left out are those of the class. */
function sizeFields(type: SizedType) {
  const sizes = DEFAULT_SIZES[type];
  return {
    vocab_size: count.default(sizes.vocab_size),
    hidden_size: count.default(sizes.hidden_size),
    intermediate_size: count.default(sizes.intermediate_size),
    num_hidden_layers: blockCount.default(sizes.num_hidden_layers),
    num_attention_heads: count.default(sizes.num_attention_heads),
    max_position_embeddings: count.default(sizes.max_position_embeddings),
  };
}

/** The fields of a GPT-NeoX. */
export interface NeoxFields extends SizeFields, RopeFields {
  /** The MLP's activation function. */
  hidden_act: ActivationName;
  /** What LayerNorm adds to the variance. */
  layer_norm_eps: number;
  /** Whether attention's linear maps have a bias. */
  attention_bias: boolean;
  /** Whether attention and MLP read the same. */
  use_parallel_residual: boolean;
  /** Which part of a head is rotated, as transformers 4 says it. */
  rotary_pct: number;
  /** The base of rope, as transformers 4 says it. */
  rotary_emb_base?: number | null | undefined;
}

/** The schema of a GPT-NeoX's fields. */
export const neoxSchema: Schema<NeoxFields> = z.object({
  ...sizeFields("gpt_neox"),
  ...ropeFields,
  hidden_act: orDefault(activationName, "gelu"),
  layer_norm_eps: orDefault(epsilon, 1e-5),
  attention_bias: orDefault(z.boolean(), true),
  use_parallel_residual: orDefault(z.boolean(), true),
  rotary_pct: orDefault(fraction, 0.25),
  rotary_emb_base: positive.nullish(),
});

/** The fields that Llama and the architectures after it have in common, where they are given. */
export interface GatedFields extends SizeFields, RopeFields {
  /** How many heads are asked. */
  num_key_value_heads?: number | null | undefined;
  /** How many numbers a head has. */
  head_dim?: number | null | undefined;
  /** The MLP's activation function. */
  hidden_act?: ActivationName | null | undefined;
  /** What a norm adds to the mean square. */
  rms_norm_eps?: number | null | undefined;
  /** Whether attention's linear maps have a bias. */
  attention_bias?: boolean | null | undefined;
  /** Whether the MLP's have one. */
  mlp_bias?: boolean | null | undefined;
  /** How many tokens are seen. */
  sliding_window?: number | null | undefined;
  /** Of Qwen: whether there is a window at all. */
  use_sliding_window?: boolean | null | undefined;
  /** Of Qwen: how many blocks, at the bottom, have no window. */
  max_window_layers?: number | null | undefined;
  /** Which blocks have a window. */
  layer_types?: ("full_attention" | "sliding_attention")[] | null | undefined;
}

const gatedFields = {
  ...ropeFields,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  hidden_act: activationName.nullish(),
  rms_norm_eps: epsilon.nullish(),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  sliding_window: count.nullish(),
  use_sliding_window: z.boolean().nullish(),
  max_window_layers: z.int().nonnegative().nullish(),
  layer_types: z.array(oneOf(["full_attention", "sliding_attention"])).nullish(),
};

/** The schema of these fields. */
export function gatedSchema(type: Exclude<SizedType, "gpt_neox">): Schema<GatedFields> {
  return z.object({ ...sizeFields(type), ...gatedFields });
}

/** The fields of a Gemma. */
export interface GemmaFields extends GatedFields {
  /** The MLP's activation function. */
  hidden_activation: ActivationName;
  /** Scores are divided by its root. */
  query_pre_attn_scalar: number;
  /** What caps scores; null for nothing. */
  attn_logit_softcapping: number | null;
  /** Of Gemma 3: every so many blocks, one has no window. */
  sliding_window_pattern?: number | null | undefined;
  /** The same, as transformers 5 calls it. */
  _sliding_window_pattern?: number | null | undefined;
  /** Of Gemma 3: the base of the rope of blocks with a window. */
  rope_local_base_freq?: number | null | undefined;
  /** Whether tokens see those behind them. */
  use_bidirectional_attention?: boolean | null | undefined;
}

/** The library ignores `hidden_act` here: older files name another function in it. */
const { hidden_act: _, ...withoutOldActivation } = gatedFields;

const gemmaFields = {
  ...withoutOldActivation,
  hidden_activation: orDefault(activationName, "gelu_pytorch_tanh"),
  query_pre_attn_scalar: orDefault(positive, 256),
  attn_logit_softcapping: positive.nullable().default(50),
  sliding_window_pattern: count.nullish(),
  _sliding_window_pattern: count.nullish(),
  rope_local_base_freq: positive.nullish(),
  use_bidirectional_attention: z.boolean().nullish(),
};

/** The schema of a Gemma's fields. */
export function gemmaSchema(type: "gemma2" | "gemma3_text"): Schema<GemmaFields> {
  return z.object({ ...sizeFields(type), ...gemmaFields });
}
