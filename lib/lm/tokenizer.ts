/**
 * Turns questions into prompts and prompts into token ids.
 *
 * @module
 */
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { InputError, messageOf } from "../errors.ts";
import { exists, readText } from "../files/byte_source.ts";
import { parseBounded, readJson, type Schema } from "../files/json.ts";
import { checkTokenizer } from "./tokenizer_definition.ts";

/** Turns text into token ids, with nothing added. */
export interface Tokenizer {
  /** The token ids of a text. */
  encode(text: string): number[];
}

/** The longest `tokenizer_config.json` that is read, in bytes. */
const MAX_CONFIG_BYTES = 2 ** 20;

/** What of `tokenizer_config.json` bears on encoding. */
export interface TokenizerConfig {
  /** Whether runs of white space become one space. */
  remove_space?: boolean | null | undefined;
  /** Whether letters become small and lose their accents. */
  do_lowercase_and_remove_accent?: boolean | null | undefined;
}

const configSchema: Schema<TokenizerConfig> = z.object({
  remove_space: z.boolean().nullish(),
  do_lowercase_and_remove_accent: z.boolean().nullish(),
});

/**
 * The prompt for a question, at whose last token the hidden states are read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { promptOf } from "@coact/coact";
 *
 * assert.equal(promptOf("Who?"), "Q: Who?\nA:");
 * ```
 */
export function promptOf(question: string): string {
  return `Q: ${question}\nA:`;
}

/**
 * Loads the tokenizer of a Hugging Face directory: `tokenizer.json`, and `tokenizer_config.json`
 * if it is there.
 *
 * @throws {InputError} If `tokenizer.json` is missing, malformed, or no byte-level BPE.
 */
export async function loadTokenizer(directory: string): Promise<Tokenizer> {
  const path = `${directory}/tokenizer.json`;
  const text = await readText(path);
  const configPath = `${directory}/tokenizer_config.json`;
  const config = await exists(configPath)
    ? await readJson(configSchema, configPath, MAX_CONFIG_BYTES)
    : {};
  return parseTokenizer(text, path, config);
}

/**
 * Makes a tokenizer from the text of a `tokenizer.json`.
 *
 * @param path What to call it in messages.
 * @throws {InputError} If it is malformed, or no byte-level BPE.
 */
export function parseTokenizer(
  text: string,
  path: string,
  config: TokenizerConfig = {},
): Tokenizer {
  const definition = checkTokenizer(parseBounded(text, path), path);
  try {
    const tokenizer = new HuggingFaceTokenizer(definition, config);
    return { encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids };
  } catch (error) {
    throw new InputError(`${path} is no usable tokenizer: ${messageOf(error)}`);
  }
}
