/**
 * What Llama and the architectures after it read of their fields alike.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { parseJson, type Schema } from "../../files/json.ts";
import type { GatedFields } from "./config_fields.ts";

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
