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
import { parseJson } from "../../files/json.ts";
import type { Architecture } from "../decoder.ts";
import type { Rope } from "../parts/rope.ts";
import { count } from "./config_fields.ts";
import { gatedDecoder, type GatedOptions } from "./gated_decoder.ts";
import { type GatedFields, type Heads, headsOf, readGatedFields } from "./gated_fields.ts";
import { ropeOf, ropeParameters } from "./rope_fields.ts";

const positive = z.number().positive();

/** What Gemma alone has. */
const gemmaFields = z.object({
  query_pre_attn_scalar: positive.nullish(),
  attn_logit_softcapping: positive.nullable().default(50),
  sliding_window_pattern: count.nullish(),
  _sliding_window_pattern: count.nullish(),
  rope_local_base_freq: positive.nullish(),
  use_bidirectional_attention: z.boolean().nullish(),
});

/** Of transformers 5: a rope for each kind of block. */
const ropesFields = z.object({
  rope_parameters: z.object({
    full_attention: ropeParameters.nullish(),
    sliding_attention: ropeParameters.nullish(),
  }).nullish(),
});

const DEFAULTS = { keyHeads: 4, headSize: 256 };

/** Gemma 2: scores have a cap; of two blocks, the first has a window. */
export const gemma2: Architecture = {
  modelType: "gemma2",
  classes: /^Gemma2(?:Model|For[A-Z]\w*)$/,
  read(text, path) {
    const fields = readGatedFields(text, path);
    const own = readGemmaFields(text, path);
    const heads = headsOf(fields, DEFAULTS, path);
    const rope = ropeOf(fields.rope_scaling ?? fields.rope_parameters, {
      ...ropeDefaults(fields, heads, path),
      theta: fields.rope_theta ?? 10_000,
    });
    return gatedDecoder(fields, {
      ...gemmaOptions("gemma2", fields, own, heads),
      cap: own.attn_logit_softcapping ?? undefined,
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
    const fields = readGatedFields(text, path);
    const own = readGemmaFields(text, path);
    const heads = headsOf(fields, DEFAULTS, path);
    const [globalRope, localRope] = gemma3Ropes(text, fields, own, heads, path);
    const pattern = own.sliding_window_pattern ?? own._sliding_window_pattern ?? 6;
    const window = (block: number) => windowOf(fields, block, (block + 1) % pattern !== 0);
    const isLocal = (block: number) => isWindowed(fields, block, (block + 1) % pattern !== 0);
    return gatedDecoder(fields, {
      ...gemmaOptions("gemma3_text", fields, own, heads),
      window,
      rope: (block) => isLocal(block) ? localRope : globalRope,
      hasHeadNorms: true,
    });
  },
};

type GemmaFields = z.infer<typeof gemmaFields>;

function readGemmaFields(text: string, path: string): GemmaFields {
  const own = parseJson(gemmaFields, text, path);
  if (own.use_bidirectional_attention !== true) return own;
  throw new InputError(
    `${path}: use_bidirectional_attention is true: tokens that see those behind them are not ` +
      "implemented",
  );
}

function gemmaOptions(
  modelType: string,
  fields: GatedFields,
  { query_pre_attn_scalar }: GemmaFields,
  heads: Heads,
): Omit<GatedOptions, "window" | "rope"> {
  const hasBias = fields.attention_bias ?? false;
  return {
    modelType,
    heads,
    scale: (query_pre_attn_scalar ?? 256) ** -0.5,
    activation: fields.hidden_activation ?? "gelu_pytorch_tanh",
    epsilon: fields.rms_norm_eps ?? 1e-6,
    normOffset: 1,
    biases: { projection: hasBias, output: hasBias },
    hasOutputNorms: true,
    embeddingScale: Math.sqrt(fields.hidden_size),
  };
}

function isWindowed(
  { layer_types: types }: GatedFields,
  block: number,
  byPattern: boolean,
): boolean {
  return types == null ? byPattern : types[block] === "sliding_attention";
}

function windowOf(fields: GatedFields, block: number, byPattern: boolean): number | undefined {
  return isWindowed(fields, block, byPattern) ? fields.sliding_window ?? 4096 : undefined;
}

function ropeDefaults(fields: GatedFields, { headSize }: Heads, path: string) {
  const positions = fields.original_max_position_embeddings ?? fields.max_position_embeddings;
  return { fraction: fields.partial_rotary_factor ?? 1, headSize, positions, path };
}

/** The rope of blocks without a window, and that of the others, which is never scaled. */
function gemma3Ropes(
  text: string,
  fields: GatedFields,
  { rope_local_base_freq }: GemmaFields,
  heads: Heads,
  path: string,
): readonly [Rope, Rope] {
  const { rope_parameters: ropes } = parseJson(ropesFields, text, path);
  const defaults = ropeDefaults(fields, heads, path);
  const theta = fields.rope_theta ?? 1_000_000;
  const scaling = fields.rope_scaling ?? ropes?.full_attention;
  return [
    ropeOf(scaling, { ...defaults, theta }),
    ropeOf(ropes?.sliding_attention, { ...defaults, theta: rope_local_base_freq ?? 10_000 }),
  ];
}
