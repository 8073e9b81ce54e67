/**
 * What a `tokenizer.json` may hold beside its vocabulary and its merges: the kinds of byte-pair
 * encoding that GPT-2 and its heirs use, and Llama's, Gemma's and Mistral's. Whatever is not here is
 * refused by name, for its token ids would be others than Hugging Face's.
 *
 * Source: https://huggingface.co/docs/tokenizers/api/models
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { checkAgainst } from "../../files/json.ts";
import { checkAddedTokens } from "./check_added_tokens.ts";
import type { NormalizerStep, PreTokenizerStep, TokenizerDefinition } from "./components.ts";
import { isKnownPattern } from "./split_patterns.ts";

/** How many steps may follow each other. */
const MAX_STEPS = 16;
/** How long a text may be that is put in place of another one. */
const MAX_REPLACEMENT = 100;

const flag = z.boolean().default(false);
const shortText = z.string().max(MAX_REPLACEMENT);

const knownPattern = z.string().refine(isKnownPattern, "this regular expression is not known");
const pattern = z.union([
  z.strictObject({ String: shortText.min(1) }),
  z.strictObject({ Regex: knownPattern }),
], { error: (issue) => patternProblem(issue.input) });

/** A union says only that nothing fits; this says what does not. */
function patternProblem(input: unknown): string {
  const isRegex = typeof input === "object" && input !== null && "Regex" in input;
  return isRegex ? "this regular expression is not known" : "expected a String or a known Regex";
}

const normalizerSteps = [
  z.object({ type: z.enum(["NFC", "NFD", "NFKC", "NFKD"]) }),
  z.object({ type: z.enum(["Lowercase", "ByteLevel"]) }),
  z.object({ type: z.literal("Prepend"), prepend: shortText }),
  z.object({ type: z.literal("Replace"), pattern, content: shortText }),
  z.object({ type: z.literal("Strip"), strip_left: z.boolean(), strip_right: z.boolean() }),
] as const;
const normalizerStep = z.discriminatedUnion("type", normalizerSteps);
const normalizer = z.discriminatedUnion("type", [
  ...normalizerSteps,
  z.object({ type: z.literal("Sequence"), normalizers: z.array(normalizerStep).max(MAX_STEPS) }),
]);

const preTokenizerSteps = [
  z.object({
    type: z.literal("ByteLevel"),
    add_prefix_space: z.boolean(),
    use_regex: z.boolean().default(true),
  }),
  z.object({
    type: z.literal("Split"),
    pattern,
    behavior: z.enum(["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]),
    invert: flag,
  }),
  z.object({
    type: z.literal("Metaspace"),
    replacement: z.string().refine((text) => [...text].length === 1, "expected one character"),
    add_prefix_space: z.boolean().optional(),
    prepend_scheme: z.enum(["first", "never", "always"]).optional(),
    split: z.boolean().nullish().transform((split) => split ?? true),
  }),
  z.object({ type: z.literal("Digits"), individual_digits: z.boolean() }),
  z.object({ type: z.literal("WhitespaceSplit") }),
] as const;
const preTokenizerStep = z.discriminatedUnion("type", preTokenizerSteps);
const preTokenizer = z.discriminatedUnion("type", [
  ...preTokenizerSteps,
  z.object({
    type: z.literal("Sequence"),
    pretokenizers: z.array(preTokenizerStep).max(MAX_STEPS),
  }),
]);

const tokenAndId = z.tuple([z.string(), z.int().nonnegative()]);
const templatePiece = z.union([
  z.strictObject({ SpecialToken: z.object({ id: z.string() }) }),
  z.strictObject({ Sequence: z.object({ id: z.enum(["A", "B"]) }) }),
]);
const postProcessorSteps = [
  z.object({ type: z.literal("ByteLevel") }), // only about offsets
  z.object({
    type: z.literal("TemplateProcessing"),
    single: z.array(templatePiece).max(100),
    special_tokens: z.record(
      z.string(),
      z.object({ ids: z.array(z.int().nonnegative()).max(100) }),
    ),
  }),
  z.object({
    type: z.enum(["BertProcessing", "RobertaProcessing"]),
    sep: tokenAndId,
    cls: tokenAndId,
  }),
] as const;
const postProcessorStep = z.discriminatedUnion("type", postProcessorSteps);
const postProcessor = z.discriminatedUnion("type", [
  ...postProcessorSteps,
  z.object({ type: z.literal("Sequence"), processors: z.array(postProcessorStep).max(MAX_STEPS) }),
]);

const definition = z.object({
  model: z.object({
    type: z.literal("BPE").default("BPE"), // that of OpenAI's own GPT-2 does not say it
    unk_token: z.string().nullish().transform((token) => token ?? null),
    end_of_word_suffix: z.literal("").nullish(),
    continuing_subword_prefix: z.literal("").nullish(),
    byte_fallback: flag,
    ignore_merges: flag,
    fuse_unk: flag,
    dropout: z.literal(0).nullish(),
  }),
  normalizer: normalizer.nullish().transform((value) => value ?? null),
  pre_tokenizer: preTokenizer.nullish().transform((value) => value ?? null),
  post_processor: postProcessor.nullish().transform((value) => value ?? null),
});

/**
 * Checks the content of a `tokenizer.json`, less `model.vocab` and `model.merges`.
 *
 * @param value The parsed JSON.
 * @param path What to call it in messages.
 * @throws {InputError} If a component is not supported, or malformed; it is named.
 */
export function checkDefinition(value: unknown, path: string): TokenizerDefinition {
  const { model, normalizer, pre_tokenizer, post_processor } = checkAgainst(
    definition,
    value,
    path,
  );
  const normalizers = normalizer?.type === "Sequence" ? normalizer.normalizers : listOf(normalizer);
  const preTokenizers = pre_tokenizer?.type === "Sequence"
    ? pre_tokenizer.pretokenizers
    : listOf(pre_tokenizer);
  checkFirst(normalizers, preTokenizers, path);
  return {
    model,
    normalizer: normalizers,
    pre_tokenizer: preTokenizers,
    splits_in_one_step: pre_tokenizer?.type !== "Sequence",
    added_tokens: checkAddedTokens((value as Record<string, unknown>).added_tokens, path),
    post_processor: post_processor?.type === "Sequence"
      ? post_processor.processors
      : listOf(post_processor),
  };
}

/**
 * Refuses to ask which part of a text is the first behind a step that changes the text: the answer is
 * then a question of what became of each of its characters.
 */
function checkFirst(
  normalizers: readonly NormalizerStep[],
  preTokenizers: readonly PreTokenizerStep[],
  path: string,
): void {
  const at = preTokenizers.findLastIndex((step) =>
    step.type === "Metaspace" && step.prepend_scheme === "first"
  );
  if (at === -1) return;
  const changing = normalizers.find(({ type }) => type === "Replace" || type === "Strip") ??
    preTokenizers.slice(0, at).find(({ type }) => type === "ByteLevel" || type === "Metaspace");
  if (changing === undefined) return;
  throw new InputError(
    `${path}: pre_tokenizer: Metaspace with prepend_scheme "first" is not supported behind ` +
      changing.type,
  );
}

function listOf<T>(step: T | null): T[] {
  return step === null ? [] : [step];
}
