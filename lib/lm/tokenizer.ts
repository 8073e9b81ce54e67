/**
 * Turns questions into prompts and prompts into token ids.
 *
 * @module
 */
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { InputError, messageOf } from "../errors.ts";
import { exists } from "../files/byte_source.ts";
import { readJson } from "../files/json.ts";

/** Turns text into token ids, with nothing added. */
export interface Tokenizer {
  /** The token ids of a text. */
  encode(text: string): number[];
}

const jsonObject = z.record(z.string(), z.unknown());

/** The prompt for a question, at whose last token the hidden states are read. */
export function promptOf(question: string): string {
  return `Q: ${question}\nA:`;
}

/**
 * Loads the tokenizer of a Hugging Face directory: `tokenizer.json`, and `tokenizer_config.json`
 * if it is there.
 *
 * @throws {InputError} If `tokenizer.json` is missing, malformed, or of an unknown kind.
 */
export async function loadTokenizer(directory: string): Promise<Tokenizer> {
  const path = `${directory}/tokenizer.json`;
  const definition = await readJson(jsonObject, path);
  const configPath = `${directory}/tokenizer_config.json`;
  const config = await exists(configPath) ? await readJson(jsonObject, configPath) : {};
  try {
    const tokenizer = new HuggingFaceTokenizer(definition, config);
    return { encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids };
  } catch (error) {
    throw new InputError(`${path} is no usable tokenizer: ${messageOf(error)}`);
  }
}
