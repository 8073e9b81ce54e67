/**
 * GPT-NeoX, the architecture of Pythia: rotary positions in a part of each head, LayerNorms, attention
 * and MLP side by side.
 *
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt_neox/modeling_gpt_neox.py
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { parseJson, type Schema } from "../../files/json.ts";
import type { Architecture, Block, Decoder, DecoderConfig } from "../decoder.ts";
import { type ActivationName, ACTIVATIONS } from "../parts/activation.ts";
import { tokenEmbedding } from "../parts/embedding.ts";
import { linear } from "../parts/linear.ts";
import { mlp } from "../parts/mlp.ts";
import { layerNorm } from "../parts/norm.ts";
import { rotaryProjection } from "../parts/projection.ts";
import type { Rope } from "../parts/rope.ts";
import { originalPositions, ropeOf } from "./rope_fields.ts";
import {
  activationName,
  epsilon,
  fraction,
  orDefault,
  positive,
  type RopeFields,
  ropeFields,
  type SizeFields,
  sizeFields,
} from "./config_fields.ts";

/** The fields of a GPT-NeoX. */
interface NeoxFields extends SizeFields, RopeFields {
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
const neoxSchema: Schema<NeoxFields> = z.object({
  ...sizeFields({
    vocab_size: 50_432,
    hidden_size: 6144,
    intermediate_size: 24_576,
    num_hidden_layers: 44,
    num_attention_heads: 64,
    max_position_embeddings: 2048,
  }),
  ...ropeFields,
  hidden_act: orDefault(activationName, "gelu"),
  layer_norm_eps: orDefault(epsilon, 1e-5),
  attention_bias: orDefault(z.boolean(), true),
  use_parallel_residual: orDefault(z.boolean(), true),
  rotary_pct: orDefault(fraction, 0.25),
  rotary_emb_base: positive.nullish(),
});

/** GPT-NeoX, with whatever head. */
export const gptNeox: Architecture = {
  modelType: "gpt_neox",
  classes: /^GPTNeoX(?:Model|For[A-Z]\w*)$/,
  read(text, path) {
    const fields = parseJson(neoxSchema, text, path);
    const { hidden_size: width, num_attention_heads: heads } = fields;
    if (width % heads !== 0) {
      throw new InputError(
        `${path}: hidden_size ${width} is no multiple of num_attention_heads ${heads}`,
      );
    }
    return neoxDecoder(fields, ropeFor(fields, path));
  },
};

/** Files of transformers 4 may have both `rotary_emb_base` and `rope_theta`: the first counts. */
function ropeFor(fields: NeoxFields, path: string): Rope {
  return ropeOf(fields.rope_scaling ?? fields.rope_parameters, {
    theta: fields.rotary_emb_base ?? fields.rope_theta ?? 10_000,
    fraction: fields.rotary_pct,
    headSize: fields.hidden_size / fields.num_attention_heads,
    positions: originalPositions(fields),
    path,
  });
}

function neoxDecoder(fields: NeoxFields, rope: Rope): Decoder {
  const { hidden_size: width, layer_norm_eps } = fields;
  const config: DecoderConfig = {
    model_type: "gpt_neox",
    vocab_size: fields.vocab_size,
    n_positions: fields.max_position_embeddings,
    n_embd: width,
    n_layer: fields.num_hidden_layers,
  };
  return {
    config,
    prefix: "gpt_neox.",
    embedding: tokenEmbedding({ tokens: "embed_in", config }),
    block: (index) => neoxBlock(fields, rope, `layers.${index}`),
    finalNorm: layerNorm("final_layer_norm", { width, epsilon: layer_norm_eps }),
  };
}

function neoxBlock(fields: NeoxFields, rope: Rope, name: string): Block {
  const { hidden_size: width, num_attention_heads: heads, intermediate_size: inner } = fields;
  const { attention_bias: hasBias, layer_norm_eps } = fields;
  const headSize = width / heads;
  const map = (part: string, inputs: number, outputs: number, hasBias = true) =>
    linear(`${name}.${part}`, { inputs, outputs, hasBias });
  const norm = (part: string) => layerNorm(`${name}.${part}`, { width, epsilon: layer_norm_eps });
  return {
    attentionNorm: norm("input_layernorm"),
    attention: {
      name,
      heads,
      keyHeads: heads,
      headSize,
      scale: headSize ** -0.5,
      projection: rotaryProjection({
        heads,
        keyHeads: heads,
        headSize,
        maps: {
          layout: "by head",
          all: map("attention.query_key_value", width, 3 * width, hasBias),
        },
        rope,
      }),
      output: map("attention.dense", width, width, hasBias),
    },
    mlpNorm: norm("post_attention_layernorm"),
    mlp: mlp(`${name}.mlp`, {
      up: map("mlp.dense_h_to_4h", width, inner),
      activation: ACTIVATIONS[fields.hidden_act],
      down: map("mlp.dense_4h_to_h", inner, width),
    }),
    isParallel: fields.use_parallel_residual,
  };
}
