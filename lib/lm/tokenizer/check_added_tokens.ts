/**
 * Tokens that are added to a vocabulary, as `tokenizer.json` and its neighbours list them.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { checkAgainst } from "../../files/json.ts";
import type { AddedToken } from "./components.ts";

/** How many tokens may be added to a vocabulary. */
const MAX_ADDED = 10_000;
/** How long they may be together, in UTF-16 units, … */
const MAX_ADDED_LENGTH = 200_000;
/** … and each, so that looking for them takes a time in proportion to the text. */
const MAX_TOKEN_LENGTH = 1000;

const flag = z.boolean().default(false);

const addedToken = z.object({
  content: z.string().max(MAX_TOKEN_LENGTH).refine((text) => text.isWellFormed(), "is no text"),
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: z.boolean().optional(),
  special: flag,
}).transform((token) => ({ ...token, normalized: token.normalized ?? !token.special }));

/**
 * Checks added tokens.
 *
 * @param where The file, and the field if there are several, for messages.
 * @throws {InputError} If they are no list of tokens, or too many or too long.
 */
export function checkAddedTokens(value: unknown, where: string): AddedToken[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_ADDED) {
    throw new InputError(`${where}: added_tokens is no list of at most ${MAX_ADDED} tokens`);
  }
  let length = 0;
  return value.map((value, i) => {
    const token = checkAddedToken(value, `${where}: added_tokens.${i}`);
    length += token.content.length;
    if (length <= MAX_ADDED_LENGTH) return token;
    throw new InputError(`${where}: added_tokens have over ${MAX_ADDED_LENGTH} characters`);
  });
}

/**
 * Checks one added token.
 *
 * @param where The file and the field, for messages.
 * @throws {InputError} If it is malformed or too long.
 */
export function checkAddedToken(value: unknown, where: string): AddedToken {
  return plainToken(value) ?? checkAgainst(addedToken, value, where);
}

/**
 * What the schema makes of a token that fits it. There may be thousands of them, of which each takes
 * the schema some ten times as long; it is asked about all others, and says what does not fit.
 */
function plainToken(value: unknown): AddedToken | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { content, single_word = false, lstrip = false, rstrip = false, special = false } =
    value as Readonly<Record<string, unknown>>;
  const { normalized = !special } = value as Readonly<Record<string, unknown>>;
  if (typeof content !== "string" || content.length > MAX_TOKEN_LENGTH) return undefined;
  const areFlags = typeof single_word === "boolean" && typeof lstrip === "boolean" &&
    typeof rstrip === "boolean" && typeof normalized === "boolean" && typeof special === "boolean";
  if (!areFlags || !content.isWellFormed()) return undefined;
  return { content, single_word, lstrip, rstrip, normalized, special };
}
