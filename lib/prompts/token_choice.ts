/**
 * Which tokens of a prompt count: one of them, or several that are pooled.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import {
  indexOfField,
  type Occurrence,
  occurrencesOf,
  type Pooling,
  type Position,
  soughtText,
} from "../questions/position.ts";
import type { Prompt } from "../questions/prompt_file.ts";
import type { TokenSpan } from "../lm/tokenizer/bpe.ts";

/** The tokens of a prompt that count. */
export type TokenChoice =
  /** One of them, by its index from 0. */
  | { readonly token: number }
  /** Several, by their indices, and how they are pooled. */
  | { readonly tokens: readonly number[]; readonly pooling: Pooling };

/** A prompt's tokens, as far as a choice needs to know them. */
export interface ChoosableTokens {
  /** How many there are. */
  readonly count: number;
  /** How many of them the tokenizer added, before the text and behind it. */
  readonly added: { readonly before: number; readonly after: number };
  /** The bytes of the text that each holds, made when they are needed; none where ids are given. */
  readonly spans?: (() => readonly TokenSpan[]) | undefined;
}

/** That a text was not found in a prompt: all such lines are named together. */
export class TextNotFound extends InputError {
  /** The name of the class. */
  override name = "TextNotFound";
}

/**
 * Chooses the tokens of a prompt that a position means.
 *
 * @param where The file and the line, for messages.
 * @throws {TextNotFound} If the prompt lacks the text that the position looks for.
 * @throws {InputError} If there is no such token, or a text occurs more than once and `occurrence`
 * does not say which counts.
 */
export function chooseTokens(
  position: Position,
  { prompt, tokens, where, occurrence }: {
    prompt: Prompt;
    tokens: ChoosableTokens;
    where: string;
    occurrence?: Occurrence | undefined;
  },
): TokenChoice {
  switch (position.kind) {
    case "index":
      return { token: inRange(position.index, tokens.count, where) };
    case "field": {
      const index = indexOfField(prompt.fields, position.field, where);
      return { token: inRange(index, tokens.count, where) };
    }
    case "pool":
      return { tokens: pooled(tokens, where), pooling: position.pooling };
  }
  if (prompt.text === undefined || tokens.spans === undefined) {
    throw new InputError(
      `${where}: the position ${position.kind} looks for a text, but the prompts are ids`,
      { subject: { setting: "position" } },
    );
  }
  const sought = soughtText(position, prompt.fields, where);
  const at = placeOf(sought, prompt.text, { where, occurrence });
  const start = byteLength(prompt.text.slice(0, at));
  const spans = tokens.spans();
  const token = position.kind === "before"
    ? spans.findLastIndex(({ end }) => end <= start)
    : tokenWith(spans, start + byteLength(sought) - 1);
  if (token !== -1) return { token };
  throw new InputError(
    position.kind === "before"
      ? `${where}: no token ends before ${JSON.stringify(sought)}, with which the prompt begins`
      : `${where}: no token holds the end of ${
        JSON.stringify(sought)
      }: the tokenizer leaves it out`,
  );
}

function inRange(index: number, count: number, where: string): number {
  const token = index < 0 ? count + index : index;
  if (token >= 0 && token < count) return token;
  throw new InputError(
    `${where}: there is no position ${index}: the prompt has ${count} ` +
      `${count === 1 ? "token" : "tokens"}, 0 to ${count - 1}`,
  );
}

/** All tokens but those that the tokenizer added. */
function pooled({ count, added: { before, after } }: ChoosableTokens, where: string): number[] {
  const length = count - before - after;
  if (length > 0) return Array.from({ length }, (_, i) => before + i);
  throw new InputError(
    `${where}: the prompt has no token to pool, but ${count} that the tokenizer adds`,
  );
}

function placeOf(
  sought: string,
  text: string,
  { where, occurrence }: { where: string; occurrence: Occurrence | undefined },
): number {
  const found = occurrencesOf(sought, text);
  if (found.length === 0) {
    throw new TextNotFound(`${where}: the prompt does not hold ${JSON.stringify(sought)}`);
  }
  if (found.length > 1 && occurrence === undefined) {
    throw new InputError(
      `${where}: the prompt holds ${JSON.stringify(sought)} ${found.length} times`,
      { advice: { kind: "choose_occurrence" } },
    );
  }
  return found.at(occurrence === "last" ? -1 : 0)!;
}

/** The last token that holds a byte; -1 if none does. */
function tokenWith(spans: readonly TokenSpan[], byte: number): number {
  return spans.findLastIndex(({ start, end }) => start <= byte && byte < end);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
