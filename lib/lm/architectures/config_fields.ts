/**
 * What the fields of a `config.json` are made of, and those that several architectures have. An
 * architecture's own stand beside it. Those that transformers may leave out, or write as null, have
 * their defaults in a schema or where they are used.
 *
 * @module
 */
import { z } from "zod";
import type { Shape, Zod } from "../../files/schema_shape.ts";
import { type ActivationName, ACTIVATIONS } from "../parts/activation.ts";

/** How many of something there are. */
export const count: Zod<number> = z.int().positive().lt(2 ** 24);
/** How many blocks there are. */
export const blockCount: Zod<number> = z.int().positive().lt(1000);
/** What a norm adds. */
export const epsilon: Zod<number> = z.number().positive().lt(1);
/** A number above 0. */
export const positive: Zod<number> = z.number().positive().lt(1e12);
/** A part of something. */
export const fraction: Zod<number> = z.number().positive().max(1);
/** The name of an activation function. */
export const activationName: Zod<ActivationName> = oneOf(
  Object.keys(ACTIVATIONS) as [ActivationName],
);

/** One of some texts; another is named, and so are those that are known. */
export function oneOf<T extends string>(known: readonly [T, ...T[]]): Zod<T> {
  return z.enum(known, {
    error: ({ input }) =>
      typeof input === "string"
        ? `${JSON.stringify(input)} is not implemented; known are ${known.join(", ")}`
        : undefined,
  });
}

/** A field that may be missing or null; then it has its default. */
export function orDefault<T>(schema: Zod<T>, value: T): Zod<T> {
  return schema.nullish().transform((given) => given ?? value);
}

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
}

/** The schemas of these fields. */
export const ropeFields: Shape<RopeFields> = {
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
  /** The longest prompt. */
  max_position_embeddings: number;
}

/**
 * The schemas of these fields.
 *
 * @param sizes Those of the class of `transformers`, which hold where `config.json` leaves them out.
 */
export function sizeFields(sizes: Readonly<SizeFields>): Shape<SizeFields> {
  return {
    vocab_size: count.default(sizes.vocab_size),
    hidden_size: count.default(sizes.hidden_size),
    intermediate_size: count.default(sizes.intermediate_size),
    num_hidden_layers: blockCount.default(sizes.num_hidden_layers),
    num_attention_heads: count.default(sizes.num_attention_heads),
    max_position_embeddings: count.default(sizes.max_position_embeddings),
  };
}
