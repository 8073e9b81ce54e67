/**
 * The token ids of one prompt: made, and held against what a model takes.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Tokenizer } from "../lm/tokenizer.ts";

/** What a model takes. */
export interface PromptLimits {
  /** How many tokens there are. */
  readonly vocab_size: number;
  /** The longest prompt, in tokens. */
  readonly n_positions: number;
}

/** Encodes a prompt; what is wrong with it is said with its line. */
export function encodeLine(tokenizer: Tokenizer, prompt: string, where: string): number[] {
  try {
    return tokenizer.encode(prompt);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${where}: ${error.message}`) : error;
  }
}

/** Who made a prompt's tokens, in words: `the prompt has` 12 tokens, `the prompt has` token 7. */
export interface TokenWords {
  /** Before a number of tokens. */
  readonly has: string;
  /** Before a token. */
  readonly holds: string;
  /** Whether the ids are the file's, and no tokenizer made them. Default: no. */
  readonly areGiven?: boolean;
}

const PROMPT: TokenWords = { has: "the prompt has", holds: "the prompt has" };
/** Of a prompt whose ids are given. */
export const GIVEN_IDS: TokenWords = { ...PROMPT, areGiven: true };

/** What a prompt's tokens are held against. */
export interface CheckIdsOptions {
  /** What the model takes. Default: anything. */
  readonly limits?: PromptLimits | undefined;
  /** The directory of the model, for messages. */
  readonly directory: string;
  /** Who made the tokens, for messages. Default: the prompt. */
  readonly words?: TokenWords | undefined;
}

/**
 * Makes sure that a model takes a prompt.
 *
 * @param where The file and the line, for messages.
 * @throws {InputError} If it makes no token, has too many, or one that the model does not have.
 */
export function checkIds(
  ids: readonly number[],
  where: string,
  { limits, directory, words: { has, holds, areGiven = false } = PROMPT }: CheckIdsOptions,
): void {
  if (ids.length === 0) {
    throw new InputError(
      `${where}: ${has} no tokens: the tokenizer of ${directory} has none for any of its characters`,
    );
  }
  if (limits === undefined) return;
  const { vocab_size, n_positions } = limits;
  if (ids.length > n_positions) {
    throw new InputError(
      `${where}: ${has} ${ids.length} tokens; the model ${directory} takes at most ${n_positions}`,
    );
  }
  const unknown = ids.find((id) => !(id < vocab_size));
  if (unknown !== undefined) {
    const why = areGiven ? `, 0 to ${vocab_size - 1}` : ": its tokenizer belongs to another model";
    throw new InputError(
      `${where}: ${holds} token ${unknown}, but the model ${directory} has ${vocab_size}${why}`,
    );
  }
}
