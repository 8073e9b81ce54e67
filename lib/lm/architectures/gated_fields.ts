/**
 * What Llama and the architectures after it read of their fields alike.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { parseJson, type Schema } from "../../files/json.ts";
import type { Shape } from "../../files/schema_shape.ts";
import type { ActivationName } from "../parts/activation.ts";
import {
  activationName,
  count,
  epsilon,
  oneOf,
  type RopeFields,
  ropeFields,
  type SizeFields,
  sizeFields,
} from "./config_fields.ts";

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

/**
 * The schemas of these fields.
 *
 * @param sizes The sizes of the class, as for {@linkcode sizeFields}.
 */
export function gatedFields(sizes: Readonly<SizeFields>): Shape<GatedFields> {
  return {
    ...sizeFields(sizes),
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
}

/**
 * The schema of these fields.
 *
 * @param sizes The sizes of the class, as for {@linkcode sizeFields}.
 */
export function gatedSchema(sizes: Readonly<SizeFields>): Schema<GatedFields> {
  return z.object(gatedFields(sizes));
}

/** What holds of a class of `transformers` where `config.json` says nothing. */
export interface GatedDefaults {
  /** Its sizes. */
  readonly sizes: Readonly<SizeFields>;
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
 * Reads the fields, those that an architecture adds among them.
 *
 * @param path What to call the file in messages.
 * @throws {InputError} If they are malformed.
 */
export function readGatedFields<T extends GatedFields>(
  schema: Schema<T>,
  text: string,
  path: string,
): T {
  const fields = parseJson(schema, text, path);
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
export function headsOf(
  fields: GatedFields,
  defaults: Omit<GatedDefaults, "sizes">,
  path: string,
): Heads {
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
