/**
 * Whether a beginning token (`bos_token`) goes before prompts: what the tokenizer does, or what the
 * user decides.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Tokenizer } from "../lm/tokenizer.ts";

/**
 * A tokenizer that puts the beginning token before every text, or before none.
 *
 * @param wanted Whether it is put there. Undefined: as the tokenizer does.
 * @param directory The tokenizer's, for messages.
 * @throws {InputError} If it is wanted and the tokenizer's files name none.
 */
export function withBeginning(
  tokenizer: Tokenizer,
  wanted: boolean | undefined,
  directory: string,
): Tokenizer {
  const { surroundings, beginning } = tokenizer;
  const added = addedBeginning(tokenizer);
  if (wanted === undefined || wanted === (added !== undefined)) return tokenizer;
  if (!wanted) {
    const before = surroundings.before.filter((id) => id !== added);
    return tokenizer.surroundedBy({ ...surroundings, before });
  }
  if (beginning === undefined) {
    throw new InputError(
      `the tokenizer of ${directory} names no beginning token (bos_token) that could go before the ` +
        "prompts",
      { subject: { setting: "prependBos" } },
    );
  }
  const before = [beginning.id, ...surroundings.before];
  return tokenizer.surroundedBy({ ...surroundings, before });
}

/**
 * The beginning token that a tokenizer adds, by its id: the one that its files name or, where they
 * name none, the first of those that it adds before a text.
 *
 * @returns Undefined if it adds none.
 */
export function addedBeginning({ surroundings, beginning }: Tokenizer): number | undefined {
  const { before } = surroundings;
  if (beginning === undefined) return before[0];
  return before.includes(beginning.id) ? beginning.id : undefined;
}
