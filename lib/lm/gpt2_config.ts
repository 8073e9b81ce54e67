/**
 * What a GPT-2's `config.json` says about its shape.
 *
 * Source: https://huggingface.co/docs/transformers/model_doc/gpt2#transformers.GPT2Config
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../base/errors.ts";
import { parseJson, type Schema } from "../files/json.ts";
import { readText } from "../files/read_text.ts";

/** The fields of `config.json` that shape the computation. */
export interface Gpt2Config {
  /** The architecture: always `gpt2`. */
  model_type: "gpt2";
  /** How many tokens there are. */
  vocab_size: number;
  /** The longest prompt, in tokens. */
  n_positions: number;
  /** The width of the residual stream (d_model). */
  n_embd: number;
  /** How many blocks there are. */
  n_layer: number;
  /** Attention heads a block. */
  n_head: number;
  /** The width of the MLP's hidden layer; null for 4 × n_embd. */
  n_inner: number | null;
  /** The MLP's activation function. */
  activation_function: ActivationFunction;
  /** What LayerNorm adds to the variance. */
  layer_norm_epsilon: number;
  /** Whether attention scores are divided by the root of the head's width. */
  scale_attn_weights: boolean;
  /** Whether they are divided by the block's number (from 1), too. */
  scale_attn_by_inverse_layer_idx: boolean;
}

/** Activation functions by their names in `transformers`. */
export type ActivationFunction = "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" | "gelu" | "relu";

/** The longest `config.json` that is read, in bytes: a thousand times what GPT-2's has. */
const MAX_CONFIG_BYTES = 2 ** 20;

const count = z.int().positive().lt(2 ** 24);

/** The schema of `config.json`. Fields that GPT-2 checkpoints may leave out have their defaults. */
export const gpt2ConfigSchema: Schema<Gpt2Config> = z.object({
  model_type: z.literal("gpt2").default("gpt2"), // where it is missing, the architectures say it
  vocab_size: count,
  n_positions: count,
  n_embd: count,
  n_layer: z.int().positive().lt(1000),
  n_head: count,
  n_inner: count.nullable().default(null),
  activation_function: z.enum(["gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu", "relu"])
    .default("gelu_new"),
  layer_norm_epsilon: z.number().positive().lt(1).default(1e-5),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
});

interface Kind {
  model_type?: string | undefined;
  architectures?: string[] | null | undefined;
}

/** What says which architecture a `config.json` is of. Those of early 2020 lack `model_type`. */
const kindSchema: Schema<Kind> = z.object({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
});

/** The classes of `transformers` that are a GPT-2, with whatever head. */
const GPT2_CLASS = /^GPT2(?:LMHead|DoubleHeads)?Model$|^GPT2For[A-Z]\w*$/;

/**
 * Reads `config.json` of a Hugging Face directory.
 *
 * @throws {InputError} If it is missing, malformed, or describes another kind of model.
 */
export async function readGpt2Config(path: string): Promise<Gpt2Config> {
  return parseGpt2Config(await readText(path, MAX_CONFIG_BYTES), path);
}

/**
 * Parses the text of a `config.json`.
 *
 * @param path What to call it in messages.
 * @throws {InputError} If it is malformed or describes another kind of model.
 */
export function parseGpt2Config(text: string, path: string): Gpt2Config {
  checkIsGpt2(parseJson(kindSchema, text, path), path);
  const config = parseJson(gpt2ConfigSchema, text, path);
  const { n_embd, n_head } = config;
  if (n_embd % n_head !== 0) {
    throw new InputError(`${path}: n_embd ${n_embd} is no multiple of n_head ${n_head}`);
  }
  return config;
}

/** By `model_type`, or where there is none by the class that wrote it. */
function checkIsGpt2({ model_type, architectures }: Kind, path: string): void {
  if (model_type === "gpt2") return;
  if (model_type !== undefined) {
    throw new InputError(`${path} describes a ${model_type}, expected model_type gpt2`);
  }
  const classes = architectures ?? [];
  if (classes.length > 0 && classes.every((name) => GPT2_CLASS.test(name))) return;
  throw new InputError(
    classes.length === 0
      ? `${path}: model_type is missing, and there are no architectures to tell it by; add ` +
        '"model_type": "gpt2" if it is a GPT-2'
      : `${path} describes a ${classes.join(", ")}, expected a GPT-2, such as GPT2LMHeadModel`,
  );
}
