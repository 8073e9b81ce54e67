/**
 * Gemma 2 and the text models of Gemma 3: norms before and behind attention and MLP, whose weights are
 * stored less 1; blocks with a window among others without one.
 *
 * Source: https://github.com/huggingface/transformers/tree/main/src/transformers/models, the folders
 * gemma2 and gemma3
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Architecture } from "../decoder.ts";
import type { Rope } from "../parts/rope.ts";
import { gatedDecoder, type GatedOptions } from "./gated_decoder.ts";
import {
  type GatedFields,
  gatedFields,
  type Heads,
  headsOf,
  readGatedFields,
} from "./gated_fields.ts";
import { originalPositions, type RopeDefaults, ropeOf } from "./rope_fields.ts";
import type { Schema } from "../../files/json.ts";
import type { ActivationName } from "../parts/activation.ts";
import { activationName, count, orDefault, positive, type SizeFields } from "./config_fields.ts";

/** The fields of a Gemma. */
interface GemmaFields extends GatedFields {
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

/** The sizes of Gemma 2's class; Gemma 3's has others for what it reads. */
const SIZES: Readonly<SizeFields> = {
  vocab_size: 256_000,
  hidden_size: 2304,
  intermediate_size: 9216,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  max_position_embeddings: 8192,
};
const GEMMA3_SIZES = { ...SIZES, vocab_size: 262_208, max_position_embeddings: 131_072 };

/** The schema of a Gemma's fields. */
function gemmaSchema(sizes: Readonly<SizeFields>): Schema<GemmaFields> {
  // The library ignores `hidden_act` here: older files name another function in it.
  const { hidden_act: _, ...withoutOldActivation } = gatedFields(sizes);
  return z.object({
    ...withoutOldActivation,
    hidden_activation: orDefault(activationName, "gelu_pytorch_tanh"),
    query_pre_attn_scalar: orDefault(positive, 256),
    attn_logit_softcapping: positive.nullable().default(50),
    sliding_window_pattern: count.nullish(),
    _sliding_window_pattern: count.nullish(),
    rope_local_base_freq: positive.nullish(),
    use_bidirectional_attention: z.boolean().nullish(),
  });
}

/** Gemma 2: scores have a cap; of two blocks, the first has a window. */
export const gemma2: Architecture = {
  modelType: "gemma2",
  classes: /^Gemma2(?:Model|For[A-Z]\w*)$/,
  read(text, path) {
    const [fields, heads] = readFields(SIZES, text, path);
    const rope = ropeOf(
      fields.rope_scaling ?? fields.rope_parameters,
      ropeDefaults(fields, heads, path, fields.rope_theta ?? 10_000),
    );
    return gatedDecoder(fields, {
      ...gemmaOptions("gemma2", fields, heads),
      cap: fields.attn_logit_softcapping ?? undefined,
      window: (block) => windowOf(fields, block, block % 2 === 0),
      rope: () => rope,
    });
  },
};

/** Gemma 3: queries and keys are normed; the blocks with a window have a rope of their own. */
export const gemma3Text: Architecture = {
  modelType: "gemma3_text",
  classes: /^Gemma3(?:TextModel|ForCausalLM|TextForSequenceClassification)$/,
  read(text, path) {
    const [fields, heads] = readFields(GEMMA3_SIZES, text, path);
    const [globalRope, localRope] = gemma3Ropes(fields, heads, path);
    const pattern = fields.sliding_window_pattern ?? fields._sliding_window_pattern ?? 6;
    const window = (block: number) => windowOf(fields, block, (block + 1) % pattern !== 0);
    return gatedDecoder(fields, {
      ...gemmaOptions("gemma3_text", fields, heads),
      window,
      rope: (block) => window(block) === undefined ? globalRope : localRope,
      hasHeadNorms: true,
    });
  },
};

function readFields(
  sizes: Readonly<SizeFields>,
  text: string,
  path: string,
): readonly [GemmaFields, Heads] {
  const fields = readGatedFields(gemmaSchema(sizes), text, path);
  if (fields.use_bidirectional_attention === true) {
    throw new InputError(
      `${path}: use_bidirectional_attention is true: tokens that see those behind them are not ` +
        "implemented",
    );
  }
  return [fields, headsOf(fields, { keyHeads: 4, headSize: 256 }, path)];
}

function gemmaOptions(
  modelType: string,
  fields: GemmaFields,
  heads: Heads,
): Omit<GatedOptions, "window" | "rope"> {
  const hasBias = fields.attention_bias ?? false;
  return {
    modelType,
    heads,
    scale: fields.query_pre_attn_scalar ** -0.5,
    activation: fields.hidden_activation,
    epsilon: fields.rms_norm_eps ?? 1e-6,
    normOffset: 1,
    biases: { projection: hasBias, output: hasBias },
    hasOutputNorms: true,
    embeddingScale: Math.sqrt(fields.hidden_size),
  };
}

/** `layer_types` decides which blocks have a window; without it, the architecture's pattern does. */
function windowOf(fields: GemmaFields, block: number, byPattern: boolean): number | undefined {
  const { layer_types: types, sliding_window } = fields;
  const isWindowed = types == null ? byPattern : types[block] === "sliding_attention";
  return isWindowed ? sliding_window ?? 4096 : undefined;
}

function ropeDefaults(
  fields: GemmaFields,
  { headSize }: Heads,
  path: string,
  theta: number,
): RopeDefaults {
  const fraction = fields.partial_rotary_factor ?? 1;
  return { theta, fraction, headSize, positions: originalPositions(fields), path };
}

/** The rope of blocks without a window, and that of the others, which is never scaled. */
function gemma3Ropes(fields: GemmaFields, heads: Heads, path: string): readonly [Rope, Rope] {
  const { rope_parameters: ropes, rope_theta, rope_local_base_freq } = fields;
  const given = fields.rope_scaling ?? ropes?.full_attention;
  return [
    ropeOf(given, ropeDefaults(fields, heads, path, rope_theta ?? 1_000_000)),
    ropeOf(
      ropes?.sliding_attention,
      ropeDefaults(fields, heads, path, rope_local_base_freq ?? 10_000),
    ),
  ];
}
