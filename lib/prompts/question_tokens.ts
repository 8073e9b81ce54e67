/**
 * The tokens of an analysis: the ids of each question's prompt, and those that count.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import { addedBeginning } from "./beginning_token.ts";
import { encodePrompts } from "./encode_prompts.ts";
import { countedTokens, idsNeeded } from "./encoded_prompt.ts";
import type { LanguageModel } from "../lm/language_model.ts";
import { QUESTION_WORDS, tokenizeQuestions } from "./tokenize_questions.ts";
import type { PromptedModel } from "./prompted_model.ts";
import type { PromptSettings } from "./prompt_settings.ts";
import type { Tokenizer } from "../lm/tokenizer.ts";
import { emptyFields } from "../questions/fields.ts";
import type { Pooling } from "../questions/position.ts";
import type { Prompt } from "../questions/prompt_file.ts";
import { promptOf } from "../questions/prompt.ts";
import type { Question } from "../questions/question_file.ts";

/** Tokens that are encoded one by one, and whose features are pooled. */
export interface PooledTokens {
  /** How. */
  readonly pooling: Pooling;
  /** The tokens of each prompt, by their indices. */
  readonly tokens: readonly (readonly number[])[];
}

/** The tokens of questions. */
export interface QuestionTokens {
  /** The token ids of their prompts, up to the last one that counts. */
  readonly prompts: readonly (readonly number[])[];
  /** The tokens that are pooled, and how; undefined where one token counts. */
  readonly pooled?: PooledTokens | undefined;
}

/** An SAE, as far as it says how prompts were made in its training. */
export interface TokensTaker {
  /** Its file, or the folder of its files. */
  readonly path: string;
  /** Whether the beginning token went before each text; undefined if it is not said. */
  readonly prependsBos?: boolean | undefined;
}

/** The SAEs that the tokens are for, and whose prompts these are. */
export interface TokensWish {
  /** The SAEs, as they were opened; undefined of AlignSAE's. */
  readonly saes: readonly (TokensTaker | undefined)[];
  /** The file of the prompts, for messages. */
  readonly path: string;
  /** How prompts are made. */
  readonly options: { readonly prompts?: PromptSettings | undefined };
  /** Told what is pooled, and warned of SAEs that expect another beginning. */
  readonly observer: Observer;
}

/**
 * Encodes the prompts of an analysis, and says what its user should know of their tokens.
 *
 * @throws {InputError} As {@linkcode tokensOf} does.
 */
export function plannedTokens(
  model: PromptedModel,
  questions: readonly Question[],
  { saes, path, options, observer }: TokensWish,
): QuestionTokens {
  const tokens = tokensOf(model, questions, { path, options, observer });
  notePooling(tokens.pooled, observer);
  noteBeginning(saes, model, { settings: options.prompts, observer });
  return tokens;
}

/**
 * Encodes the prompts of questions.
 *
 * @throws {InputError} If a prompt cannot be encoded, or lacks the token that counts; its line is named.
 */
export function tokensOf(
  model: PromptedModel,
  questions: readonly Question[],
  { path, options: { prompts: settings }, observer }: {
    path: string;
    options: { readonly prompts?: PromptSettings | undefined };
    observer: Observer;
  },
): QuestionTokens {
  const { tokenizer, directory, config: limits } = model;
  const isAlignSae = questions.every(({ prompt }) => prompt === undefined);
  if (settings === undefined && isAlignSae) {
    return { prompts: tokenizeQuestions(model as LanguageModel, questions, path) };
  }
  const encoded = encodePrompts(questions.map(asPrompt), {
    ...settings,
    tokenizer,
    limits,
    directory,
    path,
    words: isAlignSae ? QUESTION_WORDS : undefined,
    observer,
  });
  const prompts = encoded.map(idsNeeded);
  if (settings?.position?.kind !== "pool") return { prompts };
  const tokens = encoded.map(countedTokens);
  return { prompts, pooled: { pooling: settings.position.pooling, tokens } };
}

/** Says what is pooled, if tokens are. */
function notePooling(pooled: PooledTokens | undefined, observer: Observer): void {
  if (pooled === undefined) return;
  const what = pooled.pooling === "any" ? "activity" : pooled.pooling;
  observer.note(
    `an SAE is not linear: each token is encoded, and the ${what} of each feature over the tokens ` +
      "of a prompt is taken, not that of the states",
  );
}

/**
 * Says, once, that an SAE was trained with the beginning token before each text, where the tokenizer
 * adds none and the user has not decided it.
 */
function noteBeginning(
  saes: TokensWish["saes"],
  { tokenizer, directory }: { tokenizer?: Tokenizer | undefined; directory: string },
  { settings, observer }: { settings: PromptSettings | undefined; observer: Observer },
): void {
  const isDecided = settings?.prependBos !== undefined || settings?.idsField !== undefined;
  if (tokenizer === undefined || isDecided || addedBeginning(tokenizer) !== undefined) return;
  const prepending = saes.filter((sae) => sae?.prependsBos === true);
  const [first] = prepending;
  if (first === undefined) return;
  const others = prepending.length === 1 ? "" : ` and ${prepending.length - 1} more`;
  observer.warn(
    `${first.path}${others}: trained with the beginning token before each text (prepend_bos), and ` +
      `the tokenizer of ${directory} adds none`,
    { kind: "decide_beginning" },
  );
}

/** A question of AlignSAE's file as a prompt. */
function asPrompt({ prompt, line, text }: Question): Prompt {
  return prompt ?? { line, text: promptOf(text), fields: emptyFields, labels: [] };
}
