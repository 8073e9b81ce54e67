/**
 * What the transformers library changes in a tokenizer, by what `tokenizer_config.json`,
 * `special_tokens_map.json` and `added_tokens.json` say.
 *
 * Source: transformers 5.24, `tokenization_utils_base.py` and `tokenization_utils_tokenizers.py`
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { checkAgainst, type Schema } from "../../files/json.ts";
import { UntrustedMap } from "../../files/untrusted_keys.ts";
import type { AddedVocabulary } from "./added_vocabulary.ts";
import type { AddedToken } from "./components.ts";
import { checkAddedToken } from "./check_added_tokens.ts";

/** What of `tokenizer_config.json` bears on token ids. */
export interface TokenizerConfig {
  /** The class of the transformers library, with or without `Fast`. */
  tokenizer_class?: string | null | undefined;
  /** Whether a text begins with a space if it has none. Some classes ask only this. */
  add_prefix_space?: boolean | null | undefined;
  /** Whether `bos_token` goes before a text; asked only where there is no `tokenizer.json`. */
  add_bos_token?: boolean | null | undefined;
  /** Whether `eos_token` goes behind a text; asked only where there is no `tokenizer.json`. */
  add_eos_token?: boolean | null | undefined;
  /** Whether special tokens in a text are text. */
  split_special_tokens?: boolean | null | undefined;
  /** Tokens to add, by their ids. They are added in this order. */
  added_tokens_decoder?: Record<string, unknown> | null | undefined;
  /** `bos_token`, `additional_special_tokens` and their like, and what does not matter. */
  [field: string]: unknown;
}

/** What is in the files beside `tokenizer.json`, with their paths for messages. */
export interface ConfigFiles {
  /** `tokenizer_config.json`. */
  readonly config: TokenizerConfig;
  /** Its path. */
  readonly path: string;
  /** `special_tokens_map.json`, if it is there. */
  readonly specialTokensMap?: Record<string, unknown> | undefined;
  /** `added_tokens.json`, if it is there: ids by token. */
  readonly addedTokens?: Record<string, number> | undefined;
}

const flag = z.boolean().nullish();

/** The schema of `tokenizer_config.json`. */
export const configSchema: Schema<TokenizerConfig> = z.looseObject({
  tokenizer_class: z.string().nullish(),
  add_prefix_space: flag,
  add_bos_token: flag,
  add_eos_token: flag,
  split_special_tokens: flag,
  // its keys are looked at where it is read: there may be thousands, which take a schema long
  added_tokens_decoder: z.custom<Record<string, unknown>>(isObject, "expected an object").nullish(),
});

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schema of `special_tokens_map.json`. */
export const specialTokensMapSchema: Schema<Record<string, unknown>> = z.looseObject({});

/** The schema of `added_tokens.json`. */
export const addedTokensSchema: Schema<Record<string, number>> = z.record(
  z.string(),
  z.int().nonnegative(),
);

/** The classes whose tokenizer is made anew with the option `add_prefix_space`, or without. */
const PREFIX_CLASSES: ReadonlySet<string> = new Set([
  ...["GPT2Tokenizer", "GPTNeoXTokenizer", "Qwen2Tokenizer", "RobertaTokenizer"],
]);
/** Names of special tokens, in the order in which they are added; others follow. */
const NAMES: readonly string[] = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"]
  .map((name) => `${name}_token`);
/** What GPT-2's are if the files do not say. */
const GPT2_TOKEN = "<|endoftext|>";

/** The class without `Fast`; undefined if the file does not say. */
export function classOf(config: TokenizerConfig): string | undefined {
  return config.tokenizer_class?.replace(/Fast$/, "");
}

/**
 * Whether a byte-level tokenizer puts a space before a text, where its class decides that and not
 * `tokenizer.json`; undefined where that file decides.
 */
export function prefixSpaceOf(config: TokenizerConfig): boolean | undefined {
  return PREFIX_CLASSES.has(classOf(config) ?? "") ? config.add_prefix_space ?? false : undefined;
}

/**
 * Adds the tokens that the files name and the vocabulary lacks, or has with other properties.
 *
 * @returns The text of each special token by its name, such as `bos_token`.
 * @throws {InputError} If a token is malformed.
 */
export function addTokens(vocabulary: AddedVocabulary, files: ConfigFiles): Map<string, string> {
  const fields = { ...files.config, ...overriding(files) };
  const named = namedTokens(fields, files);
  const others = [
    ...listOf(fields.additional_special_tokens),
    ...listOf(
      fields.extra_special_tokens,
    ),
  ].map((value) => specialToken(value, `${files.path}: additional_special_tokens`));
  const specials = [...named.values(), ...others];
  const toAdd = new UntrustedMap<AddedToken>();
  for (const token of numberedTokens(vocabulary, files, specials)) {
    const known = vocabulary.get(token.content);
    if (known === undefined || !isSame(known, token)) toAdd.set(token.content, token);
  }
  const numbered = new UntrustedMap(toAdd);
  for (const token of specials) {
    const isKnown = vocabulary.get(token.content) !== undefined || numbered.has(token.content);
    if (!isKnown) toAdd.set(token.content, token); // of one text that has several names, the last
  }
  vocabulary.add([...toAdd.values()]);
  return new Map(Array.from(named, ([name, { content }]) => [name, content]));
}

/** `special_tokens_map.json` counts where `tokenizer_config.json` is of an older kind. */
function overriding({ config, specialTokensMap }: ConfigFiles): Record<string, unknown> {
  return config.added_tokens_decoder ? {} : specialTokensMap ?? {};
}

/** The special tokens that have a name, such as `bos_token`. */
function namedTokens(
  fields: Record<string, unknown>,
  { config, path }: ConfigFiles,
): Map<string, AddedToken> {
  const others = Object.keys(fields).filter((name) => name.endsWith("_token"));
  const isGpt2 = classOf(config) === "GPT2Tokenizer";
  const tokens = new Map<string, AddedToken>();
  for (const name of [...NAMES, ...others.filter((name) => !NAMES.includes(name))]) {
    const isDefault = isGpt2 && ["bos_token", "eos_token", "unk_token"].includes(name);
    const value = fields[name] === undefined && isDefault ? GPT2_TOKEN : fields[name];
    if (typeof value === "string" || (typeof value === "object" && value !== null)) {
      tokens.set(name, specialToken(value, `${path}: ${name}`));
    }
  }
  return tokens;
}

/** The tokens that come with an id: those of `added_tokens_decoder`, or of `added_tokens.json`. */
function numberedTokens(
  vocabulary: AddedVocabulary,
  { config, addedTokens, path }: ConfigFiles,
  specials: readonly AddedToken[],
): AddedToken[] {
  const special = new UntrustedMap(specials.map(({ content }) => [content, true]));
  if (config.added_tokens_decoder) {
    return Object.entries(config.added_tokens_decoder)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([id, value]) => {
        if (!/^\d{1,9}$/.test(id)) {
          throw new InputError(`${path}: added_tokens_decoder.${id}: expected an id as its name`);
        }
        const token = checkAddedToken(value, `${path}: added_tokens_decoder.${id}`);
        return special.has(token.content) ? { ...token, special: true } : token;
      });
  }
  return Object.entries(addedTokens ?? {})
    .filter(([content]) => vocabulary.get(content) === undefined)
    .sort(([, a], [, b]) => a - b)
    .map(([content]) => {
      const isSpecial = special.has(content);
      const value = { content, special: isSpecial, normalized: !isSpecial };
      return checkAddedToken(value, `${path}: added_tokens`);
    });
}

/** A special token, of which a file says the text alone or its properties, too. */
function specialToken(value: unknown, where: string): AddedToken {
  const token = typeof value === "string" ? { content: value } : value;
  return checkAddedToken(checkAgainst(objectSchema, token, where), where);
}

const objectSchema: Schema<object> = z.looseObject({}).transform((token) => ({
  ...token,
  special: true,
}));

/** The values of a list or an object; nothing for anything else. */
function listOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

function isSame(a: AddedToken, b: AddedToken): boolean {
  return a.single_word === b.single_word && a.lstrip === b.lstrip && a.rstrip === b.rstrip &&
    a.normalized === b.normalized && a.special === b.special;
}
