/**
 * The tokens of an analysis: the ids of each question's prompt, and those that count.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import { addedBeginning } from "../lm/beginning_token.ts";
import { encodePrompts } from "../lm/encode_prompts.ts";
import { type LanguageModel, QUESTION_WORDS, tokenizeQuestions } from "../lm/language_model.ts";
import type { PromptSettings } from "../lm/prompt_settings.ts";
import type { Tokenizer } from "../lm/tokenizer.ts";
import { emptyFields } from "../questions/fields.ts";
import type { Pooling } from "../questions/position.ts";
import type { Prompt } from "../questions/prompt_file.ts";
import { promptOf } from "../questions/prompt.ts";
import type { Question } from "../questions/question_file.ts";
import type { OpenedSae } from "../sae/formats/format.ts";
import type { AnalysisOptions, AnalysisPlan } from "./plan.ts";

/** Tokens that are encoded one by one, and whose features are pooled. */
export interface PooledTokens {
  /** How. */
  readonly pooling: Pooling;
  /** The tokens of each prompt, by their indices. */
  readonly tokens: readonly (readonly number[])[];
}

/**
 * Encodes the prompts of questions.
 *
 * @throws {InputError} If a prompt cannot be encoded, or lacks the token that counts; its line is named.
 */
export function tokensOf(
  model: AnalysisPlan["model"],
  questions: readonly Question[],
  { path, options: { prompts: settings }, observer }: {
    path: string;
    options: Pick<AnalysisOptions, "prompts">;
    observer: Observer;
  },
): Pick<AnalysisPlan, "prompts" | "pooled"> {
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
  const prompts = encoded.map(({ ids, choice }) =>
    ids.slice(0, ("token" in choice ? choice.token : choice.tokens.at(-1)!) + 1)
  );
  if (settings?.position?.kind !== "pool") return { prompts };
  const tokens = encoded.map(({ choice }) => "tokens" in choice ? choice.tokens : []);
  return { prompts, pooled: { pooling: settings.position.pooling, tokens } };
}

/** Says what is pooled, if tokens are. */
export function notePooling(pooled: PooledTokens | undefined, observer: Observer): void {
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
 *
 * @param saes The SAEs, as they were opened.
 */
export function noteBeginning(
  saes: readonly (Pick<OpenedSae, "path" | "prependsBos"> | undefined)[],
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
