/**
 * A prompt as token ids, and which of them count.
 *
 * @module
 */
import type { TokenChoice } from "./token_choice.ts";

/** A prompt's tokens. */
export interface EncodedPrompt {
  /** Its line in the file. */
  readonly line: number;
  /** Their ids. */
  readonly ids: readonly number[];
  /** Those that count. */
  readonly choice: TokenChoice;
}

/** The tokens that count, by their indices. */
export function countedTokens({ choice }: Pick<EncodedPrompt, "choice">): readonly number[] {
  return "token" in choice ? [choice.token] : choice.tokens;
}

/** The ids up to the last token that counts: no state hangs on what comes behind it. */
export function idsNeeded({ ids, choice }: EncodedPrompt): readonly number[] {
  return ids.slice(0, countedTokens({ choice }).at(-1)! + 1);
}
