/**
 * The fields of `config.json` that Llama and the architectures after it have in common.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { parseJson } from "../../files/json.ts";
import type { ActivationName } from "../parts/activation.ts";
import { activationName, blockCount, count, epsilon } from "./config_fields.ts";
import { ropeFields, type RopeParameters, ropeParameters } from "./rope_fields.ts";

/** The fields, where they are given. */
export interface GatedFields {
  vocab_size: number;
  max_position_embeddings: number;
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads?: number | null | undefined;
  head_dim?: number | null | undefined;
  hidden_act?: ActivationName | null | undefined;
  hidden_activation?: ActivationName | null | undefined;
  rms_norm_eps?: number | null | undefined;
  attention_bias?: boolean | null | undefined;
  mlp_bias?: boolean | null | undefined;
  sliding_window?: number | null | undefined;
  use_sliding_window?: boolean | null | undefined;
  max_window_layers?: number | null | undefined;
  layer_types?: ("full_attention" | "sliding_attention")[] | null | undefined;
  rope_parameters?: RopeParameters | null | undefined;
  rope_theta?: number | null | undefined;
  partial_rotary_factor?: number | null | undefined;
  rope_scaling?: RopeParameters | null | undefined;
  original_max_position_embeddings?: number | null | undefined;
}

/** The schema of the fields, to which an architecture adds its own. */
export const gatedFields = z.object({
  vocab_size: count,
  max_position_embeddings: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: blockCount,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  hidden_act: activationName.nullish(),
  hidden_activation: activationName.nullish(),
  rms_norm_eps: epsilon.nullish(),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  sliding_window: count.nullish(),
  use_sliding_window: z.boolean().nullish(),
  max_window_layers: z.int().nonnegative().nullish(),
  layer_types: z.array(z.enum(["full_attention", "sliding_attention"])).nullish(),
  rope_parameters: ropeParameters.nullish(),
  ...ropeFields,
}) as unknown as z.ZodType<GatedFields>;

/** What holds of a class of `transformers` where `config.json` says nothing. */
export interface GatedDefaults {
  /** How many heads are asked; undefined for as many as ask. */
  readonly keyHeads?: number | undefined;
  /** How many numbers a head has; undefined for hidden_size / heads. */
  readonly headSize?: number | undefined;
}

/** The heads of a model. */
export interface Heads {
  /** How many ask. */
  readonly heads: number;
  /** How many are asked. */
  readonly keyHeads: number;
  /** How many numbers each of them has. */
  readonly headSize: number;
}

/**
 * Reads the fields.
 *
 * @param path What to call the file in messages.
 * @throws {InputError} If they are malformed.
 */
export function readGatedFields(text: string, path: string): GatedFields {
  const fields = parseJson(gatedFields, text, path);
  const { layer_types: types, num_hidden_layers: count } = fields;
  if (types == null || types.length === count) return fields;
  throw new InputError(
    `${path}: layer_types has ${types.length} entries, expected ${count}, one for each block`,
  );
}

/**
 * The heads that the fields describe. Without `num_key_value_heads` there are as many as the class
 * has, with null as many as heads.
 *
 * @throws {InputError} If they do not divide each other.
 */
export function headsOf(fields: GatedFields, defaults: GatedDefaults, path: string): Heads {
  const { hidden_size: width, num_attention_heads: heads, num_key_value_heads: given } = fields;
  const keyHeads = (given === undefined ? defaults.keyHeads : given) ?? heads;
  if (heads % keyHeads !== 0) {
    throw new InputError(
      `${path}: num_attention_heads ${heads} is no multiple of num_key_value_heads ${keyHeads}`,
    );
  }
  const headSize = fields.head_dim ?? defaults.headSize ?? width / heads;
  if (!Number.isInteger(headSize)) {
    throw new InputError(
      `${path}: hidden_size ${width} is no multiple of num_attention_heads ${heads}, and there is ` +
        "no head_dim",
    );
  }
  return { heads, keyHeads, headSize };
}
