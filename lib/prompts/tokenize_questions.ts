/**
 * The token ids of AlignSAE's questions.
 *
 * @module
 */
import { promptOf } from "../questions/prompt.ts";
import type { Question } from "../questions/question_file.ts";
import type { LanguageModel } from "../lm/language_model.ts";
import { checkIds, encodeLine, type TokenWords } from "./prompt_ids.ts";

/** A question makes a prompt, which makes tokens. */
export const QUESTION_WORDS: TokenWords = {
  has: "the question makes a prompt of",
  holds: "the question makes",
};

/**
 * Tokenises the prompts of questions.
 *
 * @param file The question file, for messages.
 * @returns The token ids of each prompt.
 * @throws {InputError} If a prompt cannot be encoded, makes no token, is longer than the model's
 * positions, or the tokenizer gives a token that the model does not have; the line of the question is
 * named.
 */
export function tokenizeQuestions(
  { config, tokenizer, directory }: LanguageModel,
  questions: readonly Question[],
  file: string,
): number[][] {
  return questions.map(({ line, text }) => {
    const where = `${file}:${line}`;
    const ids = encodeLine(tokenizer, promptOf(text), where);
    checkIds(ids, where, { limits: config, directory, words: QUESTION_WORDS });
    return ids;
  });
}
