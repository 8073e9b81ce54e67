/**
 * The files of a directory that a tokenizer is made of: which there are, and what they hold.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { decodeText } from "../../files/byte_source.ts";
import { parseJson, type Schema } from "../../files/json.ts";
import { isFileThere } from "../../files/look.ts";
import { isOptionalFileThere, openExplained } from "../../files/read_text.ts";
import { findUnexpectedContent } from "../../files/unexpected_content.ts";
import {
  addedTokensSchema,
  type ConfigFiles,
  configSchema,
  specialTokensMapSchema,
} from "./tokenizer_config.ts";

/**
 * The longest `tokenizer.json`, `vocab.json` or `merges.txt` that is read, in bytes: four times that
 * of Gemma 3, which has 262,144 tokens.
 */
const MAX_BYTES = 128 * 2 ** 20;
/** The longest of the smaller files, in bytes: eight times Gemma 3's `tokenizer_config.json`. */
const MAX_CONFIG_BYTES = 8 * 2 ** 20;

/**
 * The files of a directory that make its tokenizer, `config.json` aside: those that are there.
 *
 * @throws {InputError} If it cannot be told whether one is there, or one is being downloaded.
 */
export async function findTokenizerFiles(directory: string): Promise<string[]> {
  const isFast = await isFileThere(`${directory}/tokenizer.json`);
  const names = [
    ...isFast ? ["tokenizer.json"] : ["vocab.json", "merges.txt"],
    ...["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"],
  ];
  const paths: string[] = [];
  for (const name of names) {
    const path = `${directory}/${name}`;
    if (await isOptionalFileThere(path)) paths.push(path);
  }
  return paths;
}

/** By `model_type`, the class of the transformers library where `tokenizer_config.json` has none. */
const CLASSES: Readonly<Partial<Record<string, string>>> = {
  gpt2: "GPT2Tokenizer",
  gpt_neox: "GPTNeoXTokenizer",
  qwen2: "Qwen2Tokenizer",
  qwen3: "Qwen2Tokenizer",
  roberta: "RobertaTokenizer",
};

const modelSchema: Schema<{ model_type?: unknown }> = z.looseObject({
  model_type: z.unknown().optional(),
});

/**
 * Reads `tokenizer_config.json` and its like.
 *
 * @throws {InputError} If one is malformed, or being downloaded.
 */
export async function readConfigFiles(directory: string): Promise<ConfigFiles> {
  const path = `${directory}/tokenizer_config.json`;
  const config = await readIfThere(configSchema, path) ?? {};
  const { model_type } = await readIfThere(modelSchema, `${directory}/config.json`) ?? {};
  const implied = typeof model_type === "string" && Object.hasOwn(CLASSES, model_type)
    ? CLASSES[model_type]
    : undefined;
  const specialTokensMap = await readIfThere(
    specialTokensMapSchema,
    `${directory}/special_tokens_map.json`,
  );
  const addedTokens = await readIfThere(addedTokensSchema, `${directory}/added_tokens.json`);
  const tokenizer_class = config.tokenizer_class ?? implied;
  return { config: { ...config, tokenizer_class }, path, specialTokensMap, addedTokens };
}

async function readIfThere<T>(schema: Schema<T>, path: string): Promise<T | undefined> {
  if (!await isOptionalFileThere(path)) return undefined;
  return parseJson(schema, decodeText(await readBytes(path, MAX_CONFIG_BYTES), path), path);
}

/**
 * The bytes of a file, which is not another one's substitute.
 *
 * @param maxBytes The longest file that is read. Default: 128 MiB.
 * @throws {InputError} If it is missing, longer, or something else than its name says.
 */
export async function readBytes(
  path: string,
  maxBytes: number = MAX_BYTES,
): Promise<Uint8Array> {
  using source = await openExplained(path);
  if (source.byteLength > maxBytes) {
    throw new InputError(`${path} has ${source.byteLength} bytes, expected at most ${maxBytes}`);
  }
  const unexpected = await findUnexpectedContent(source, "json");
  if (unexpected !== undefined) throw new InputError(`${path} ${unexpected}`);
  return await source.read(0, source.byteLength);
}
