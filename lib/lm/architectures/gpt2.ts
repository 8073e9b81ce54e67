/**
 * GPT-2: learned positions, LayerNorms, one matrix for queries, keys and values.
 *
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt2/modeling_gpt2.py
 * and https://huggingface.co/docs/transformers/model_doc/gpt2#transformers.GPT2Config
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { parseJson, type Schema } from "../../files/json.ts";
import type { Architecture, Block, Decoder, DecoderConfig, Projection } from "../decoder.ts";
import { ACTIVATIONS } from "../parts/activation.ts";
import { learnedPositions } from "../parts/embedding.ts";
import { linear } from "../parts/linear.ts";
import { mlp } from "../parts/mlp.ts";
import { layerNorm } from "../parts/norm.ts";
import { blockCount, count, oneOf } from "./config_fields.ts";

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
  vocab_size: count,
  n_positions: count,
  n_embd: count,
  n_layer: blockCount,
  n_head: count,
  n_inner: count.nullable().default(null),
  activation_function: oneOf(["gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu", "relu"])
    .default("gelu_new"),
  layer_norm_epsilon: z.number().positive().lt(1).default(1e-5),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
});

/** GPT-2, with whatever head. */
export const gpt2: Architecture = {
  modelType: "gpt2",
  classes: /^GPT2(?:LMHead|DoubleHeads)?Model$|^GPT2For[A-Z]\w*$/,
  read: (text, path) => gpt2Decoder(parseGpt2Config(text, path)),
};

function parseGpt2Config(text: string, path: string): Gpt2Config {
  const config = parseJson(gpt2ConfigSchema, text, path);
  const { n_embd, n_head } = config;
  if (n_embd % n_head !== 0) {
    throw new InputError(`${path}: n_embd ${n_embd} is no multiple of n_head ${n_head}`);
  }
  return config;
}

/** The parts of a GPT-2. */
export function gpt2Decoder(config: Gpt2Config): Decoder {
  const { n_embd: width, layer_norm_epsilon: epsilon } = config;
  return {
    config,
    prefix: "transformer.",
    embedding: learnedPositions({ tokens: "wte", positions: "wpe", config }),
    block: (index) => gpt2Block(config, index),
    finalNorm: layerNorm("ln_f", { width, epsilon }),
  };
}

function gpt2Block(config: Gpt2Config, index: number): Block {
  const { n_embd: width, n_head: heads, n_inner, layer_norm_epsilon: epsilon } = config;
  const { scale_attn_weights, scale_attn_by_inverse_layer_idx } = config;
  const name = `h.${index}`;
  const headScale = scale_attn_weights ? (width / heads) ** -0.5 : 1;
  const conv1d = (part: string, inputs: number, outputs: number) =>
    linear(`${name}.${part}`, { inputs, outputs, hasBias: true, order: "[in, out]" });
  const inner = n_inner ?? 4 * width;
  return {
    attentionNorm: layerNorm(`${name}.ln_1`, { width, epsilon }),
    attention: {
      name,
      heads,
      keyHeads: heads,
      headSize: width / heads,
      scale: scale_attn_by_inverse_layer_idx ? headScale / (index + 1) : headScale,
      projection: fusedProjection(conv1d("attn.c_attn", width, 3 * width), width),
      output: conv1d("attn.c_proj", width, width),
    },
    mlpNorm: layerNorm(`${name}.ln_2`, { width, epsilon }),
    mlp: mlp(`${name}.mlp`, {
      up: conv1d("mlp.c_fc", width, inner),
      activation: ACTIVATIONS[config.activation_function],
      down: conv1d("mlp.c_proj", inner, width),
    }),
    isParallel: false,
  };
}

/** One map gives queries, keys and values, side by side. */
function fusedProjection(map: ReturnType<typeof linear>, width: number): Projection {
  return {
    weights: map.weights,
    build(nodes, rows) {
      const value = map.build(nodes, rows);
      const part = (part: number) => ({ value, part, parts: 3, width });
      return { queries: part(0), keys: part(1), values: part(2) };
    },
    bound(bounds, input) {
      const { each } = map.bound(bounds, input);
      return { queries: each, keys: each, values: each };
    },
  };
}
