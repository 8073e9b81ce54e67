/**
 * What a `tokenizer.json` may hold: byte-level BPE, as every GPT-2 has it. The library that runs it
 * believes what it is told, and can be told to run a regular expression without end.
 *
 * Source: https://huggingface.co/docs/tokenizers/api/models
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../errors.ts";
import { checkAgainst } from "../files/json.ts";

/** A definition that has been checked, less what encoding does not need. */
export interface TokenizerDefinition {
  /** The vocabulary and the merges. */
  model: object;
  /** What is done to the text first. */
  normalizer: object | null;
  /** How the text is split into words. */
  pre_tokenizer: object | null;
  /** Tokens that are looked for before anything else. */
  added_tokens: object[];
  /** What would follow encoding: nothing. */
  post_processor: null;
  /** How ids would become text: not at all. */
  decoder: null;
}

/** Token ids are below this, as `vocab_size` in `config.json` is. */
const MAX_TOKENS = 2 ** 24;
/** How many tokens may be added to a vocabulary. */
const MAX_ADDED = 10_000;
/** How long they may be together, in UTF-16 units, of which each becomes an object. */
const MAX_ADDED_LENGTH = 200_000;

/** Ways to split that cannot run away: GPT-2's own, and those of GPT-4, Llama 3 and Qwen 2. */
const KNOWN_PATTERNS: readonly string[] = [
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  String.raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  String
    .raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String
    .raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
];

const flag = z.boolean().default(false);
const tokenId = z.int().nonnegative().lt(MAX_TOKENS);

const normalizer = z.object({ type: z.enum(["NFC", "NFD", "NFKC", "NFKD", "Lowercase"]) });
const normalizers = z.object({
  type: z.literal("Sequence"),
  normalizers: z.array(normalizer).max(8),
});

const byteLevel = z.object({
  type: z.literal("ByteLevel"),
  add_prefix_space: flag,
  use_regex: z.boolean().default(true),
});

const split = z.object({
  type: z.literal("Split"),
  pattern: z.object({ Regex: z.enum(KNOWN_PATTERNS, "this regular expression is not known") }),
  behavior: z.literal("Isolated"),
  invert: z.literal(false).default(false),
});

const preTokenizers = z.object({
  type: z.literal("Sequence"),
  pretokenizers: z.array(z.discriminatedUnion("type", [byteLevel, split])).max(8),
});

const addedToken = z.object({
  id: tokenId,
  content: z.string().min(1),
  single_word: z.literal(false).default(false),
  lstrip: flag,
  rstrip: flag,
  normalized: z.boolean().optional(),
  special: flag,
});

/** Everything but the vocabulary and the merges, of which there are too many for a schema. */
const definitionSchema = z.object({
  model: z.object({
    type: z.literal("BPE").default("BPE"), // that of OpenAI's own GPT-2 does not say it
    unk_token: z.string().nullish(),
    end_of_word_suffix: z.literal("").nullish(),
    continuing_subword_prefix: z.literal("").nullish(),
    byte_fallback: z.literal(false).default(false),
    ignore_merges: flag,
    fuse_unk: z.literal(false).default(false),
    dropout: z.literal(0).nullish(),
  }),
  normalizer: z.discriminatedUnion("type", [normalizer, normalizers]).nullish()
    .transform((value) => value ?? null),
  pre_tokenizer: z.discriminatedUnion("type", [byteLevel, split, preTokenizers]).nullish()
    .transform((value) => value ?? null),
});

/**
 * Checks the content of a `tokenizer.json`.
 *
 * @param value The parsed JSON.
 * @param path What to call it in messages.
 * @throws {InputError} If it is no byte-level BPE, or contradicts itself.
 */
export function checkTokenizer(value: unknown, path: string): TokenizerDefinition {
  const { model, normalizer, pre_tokenizer } = checkAgainst(definitionSchema, value, path);
  const { model: stored, added_tokens } = value as Record<string, Record<string, unknown>>;
  const added = checkAddedTokens(added_tokens, path);
  const vocab = checkVocabulary(stored!.vocab, path);
  const merges = checkMerges(stored!.merges, path);
  return {
    model: { ...model, vocab, merges },
    normalizer,
    pre_tokenizer,
    added_tokens: added,
    post_processor: null,
    decoder: null,
  };
}

function checkAddedTokens(value: unknown, path: string): object[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_ADDED) {
    throw new InputError(`${path}: added_tokens is no list of at most ${MAX_ADDED} tokens`);
  }
  let length = 0;
  return value.map((value, i) => {
    const token = checkAgainst(addedToken, value, `${path}: added_tokens.${i}`);
    length += token.content.length;
    if (length <= MAX_ADDED_LENGTH) return token;
    throw new InputError(`${path}: added_tokens have over ${MAX_ADDED_LENGTH} characters`);
  });
}

/** Token ids by token; the first mistake ends it. */
function checkVocabulary(value: unknown, path: string): object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(`${path}: model.vocab is no object of token ids`);
  }
  for (const [token, id] of Object.entries(value)) {
    if (Number.isSafeInteger(id) && id >= 0 && id < MAX_TOKENS) continue;
    throw new InputError(
      `${path}: model.vocab: the id of ${token} is no number from 0 to ${MAX_TOKENS - 1}`,
    );
  }
  return value;
}

/** Pairs of tokens: `"a b"` or `["a", "b"]`, but not some of each. */
function checkMerges(value: unknown, path: string): unknown[] {
  const areLists = Array.isArray(value) && Array.isArray(value[0]);
  const isMerge = (merge: unknown) =>
    areLists
      ? Array.isArray(merge) && merge.length === 2 &&
        merge.every((part) => typeof part === "string")
      : typeof merge === "string" && /^[^ ]+ [^ ]+$/.test(merge);
  if (!Array.isArray(value)) throw new InputError(`${path}: model.merges is no list`);
  const wrong = value.findIndex((merge) => !isMerge(merge));
  if (wrong === -1) return value;
  throw new InputError(`${path}: model.merges.${wrong} is no pair of tokens`);
}
