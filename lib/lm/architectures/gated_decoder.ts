/**
 * The decoder that Llama and the architectures after it have in common: RMS norms, rotary positions,
 * grouped heads, an MLP with a gate. What they differ in is said by each of them.
 *
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/models/llama/modeling_llama.py
 *
 * @module
 */
import type { Block, Decoder, DecoderConfig } from "../decoder.ts";
import { type ActivationName, ACTIVATIONS } from "../parts/activation.ts";
import { tokenEmbedding } from "../parts/embedding.ts";
import { linear } from "../parts/linear.ts";
import { gatedMlp } from "../parts/mlp.ts";
import { rmsNorm } from "../parts/norm.ts";
import { type ProjectionMaps, rotaryProjection } from "../parts/projection.ts";
import type { Rope } from "../parts/rope.ts";
import type { GatedFields, Heads } from "./gated_fields.ts";

/** Which linear maps have a bias. */
export interface Biases {
  /** Those to queries, keys and values. */
  readonly projection: boolean;
  /** That of the heads' output. */
  readonly output: boolean;
  /** Those of the MLP. */
  readonly mlp: boolean;
}

/** What an architecture says of its blocks. */
export interface GatedOptions {
  /** Its name. */
  readonly modelType: string;
  /** The heads. */
  readonly heads: Heads;
  /** What scores are multiplied by. */
  readonly scale: number;
  /** What caps scores. Default: nothing. */
  readonly cap?: number | undefined;
  /** How many tokens a block sees. */
  readonly window: (block: number) => number | undefined;
  /** How a block turns queries and keys. */
  readonly rope: (block: number) => Rope;
  /** The MLP's activation function. */
  readonly activation: ActivationName;
  /** What norms add to the mean square. */
  readonly epsilon: number;
  /** What norms add to their weight: 1 in Gemma. Default: 0. */
  readonly normOffset?: 0 | 1 | undefined;
  /** Which maps have a bias. Default: none. */
  readonly biases?: Partial<Biases> | undefined;
  /** Whether each head's query and key is normed before it is turned. Default: no. */
  readonly hasHeadNorms?: boolean | undefined;
  /** Whether what attention and MLP add is normed. Default: no. */
  readonly hasOutputNorms?: boolean | undefined;
  /** Whether q, k and v are one matrix, and gate and up another. Default: no. */
  readonly isFused?: boolean | undefined;
  /** What the embedding is multiplied by. Default: 1. */
  readonly embeddingScale?: number | undefined;
}

/** Puts the parts together. */
export function gatedDecoder(fields: GatedFields, options: GatedOptions): Decoder {
  const config: DecoderConfig = {
    model_type: options.modelType,
    vocab_size: fields.vocab_size,
    n_positions: fields.max_position_embeddings,
    n_embd: fields.hidden_size,
    n_layer: fields.num_hidden_layers,
  };
  const scale = options.embeddingScale;
  return {
    config,
    prefix: "model.",
    embedding: tokenEmbedding({ tokens: "embed_tokens", config, scale }),
    block: (index) => gatedBlock(fields, options, index),
    finalNorm: streamNorm("norm", fields, options),
  };
}

function gatedBlock(fields: GatedFields, options: GatedOptions, index: number): Block {
  const { hidden_size: width, intermediate_size: inner } = fields;
  const { biases = {}, hasOutputNorms = false, isFused = false } = options;
  const { heads, keyHeads, headSize } = options.heads;
  const name = `layers.${index}`;
  const norm = (part: string) => streamNorm(`${name}.${part}`, fields, options);
  const map = (part: string, inputs: number, outputs: number, hasBias = false) =>
    linear(`${name}.mlp.${part}`, { inputs, outputs, hasBias });
  return {
    attentionNorm: norm("input_layernorm"),
    attention: {
      name,
      heads,
      keyHeads,
      headSize,
      scale: options.scale,
      cap: options.cap,
      window: options.window(index),
      projection: projectionOf(`${name}.self_attn`, fields, options, options.rope(index)),
      output: linear(`${name}.self_attn.o_proj`, {
        inputs: heads * headSize,
        outputs: width,
        hasBias: biases.output ?? false,
      }),
    },
    attentionOutputNorm: hasOutputNorms ? norm("post_attention_layernorm") : undefined,
    mlpNorm: norm(hasOutputNorms ? "pre_feedforward_layernorm" : "post_attention_layernorm"),
    mlp: gatedMlp(`${name}.mlp`, {
      gateAndUp: isFused ? map("gate_up_proj", width, 2 * inner, biases.mlp) : {
        gate: map("gate_proj", width, inner, biases.mlp),
        up: map("up_proj", width, inner, biases.mlp),
      },
      inner,
      activation: ACTIVATIONS[options.activation],
      down: map("down_proj", inner, width, biases.mlp),
    }),
    mlpOutputNorm: hasOutputNorms ? norm("post_feedforward_layernorm") : undefined,
    isParallel: false,
  };
}

function projectionOf(
  name: string,
  { hidden_size: inputs }: GatedFields,
  { heads, biases, hasHeadNorms, isFused, epsilon, normOffset }: GatedOptions,
  rope: Rope,
): ReturnType<typeof rotaryProjection> {
  const { headSize, keyHeads } = heads;
  const map = (part: string, count: number) =>
    linear(`${name}.${part}`, {
      inputs,
      outputs: count * headSize,
      hasBias: biases?.projection ?? false,
    });
  const maps: ProjectionMaps = isFused
    ? { layout: "by kind", all: map("qkv_proj", heads.heads + 2 * keyHeads) }
    : {
      layout: "apart",
      queries: map("q_proj", heads.heads),
      keys: map("k_proj", keyHeads),
      values: map("v_proj", keyHeads),
    };
  const norm = (part: string) =>
    rmsNorm(`${name}.${part}`, { width: headSize, epsilon, offset: normOffset });
  const norms = hasHeadNorms ? { queries: norm("q_norm"), keys: norm("k_norm") } : undefined;
  return rotaryProjection({ ...heads, maps, norms, rope });
}

function streamNorm(
  name: string,
  { hidden_size: width }: GatedFields,
  { epsilon, normOffset: offset }: GatedOptions,
): ReturnType<typeof rmsNorm> {
  return rmsNorm(name, { width, epsilon, offset });
}
