/**
 * From prompts to token ids, and to the tokens of each that count.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { LAST, type Occurrence, type Position, positionText } from "../questions/position.ts";
import type { Prompt } from "../questions/prompt_file.ts";
import { addedBeginning, withBeginning } from "./beginning_token.ts";
import type { EncodedPrompt } from "./encoded_prompt.ts";
import { checkIds, type CheckIdsOptions, encodeLine, GIVEN_IDS } from "./prompt_ids.ts";
import { noteDeviation, notePooled, warnOfSecondBeginning } from "./prompt_notes.ts";
import { type ChoosableTokens, chooseTokens, TextNotFound } from "./token_choice.ts";
import type { Tokenizer } from "../lm/tokenizer.ts";

/** How prompts become tokens. */
export interface EncodePromptsOptions extends CheckIdsOptions {
  /** The tokenizer; not needed where ids are given. */
  readonly tokenizer?: Tokenizer | undefined;
  /** The file of the prompts, for messages. */
  readonly path: string;
  /** Which tokens count. Default: the last. */
  readonly position?: Position | undefined;
  /** Of several occurrences of a position's text, which counts. Default: it is an error. */
  readonly occurrence?: Occurrence | undefined;
  /** Whether the beginning token goes before each prompt. Default: as the tokenizer does. */
  readonly prependBos?: boolean | undefined;
  /** Told of a beginning token that is there twice, and what pooling leaves out. Default: nobody. */
  readonly observer?: Observer | undefined;
}

/** How many lines are named at most. */
const MOST_NAMED = 10;

/**
 * Encodes prompts, checks that the model takes them, and chooses the tokens that count. Nothing is
 * cut off.
 *
 * @throws {InputError} If a prompt makes no token, has more than the model has positions, or one that
 * it does not have, or lacks the token that the position means; the line is named.
 * @throws {UsageError} If a decision has nothing to decide: of a beginning token of given ids, or of an
 * occurrence where the position looks for no text.
 */
export function encodePrompts(
  prompts: readonly Prompt[],
  options: EncodePromptsOptions,
): EncodedPrompt[] {
  const { path, position = LAST, occurrence, directory, prependBos, observer = SILENT } = options;
  const isGiven = prompts.some(({ ids }) => ids !== undefined);
  if (isGiven && prependBos !== undefined) {
    throw new UsageError("the ids of the prompts are given, and are taken as they stand", {
      subject: { setting: "prependBos" },
    });
  }
  checkOccurrence(position, occurrence);
  const tokenizer = options.tokenizer && withBeginning(options.tokenizer, prependBos, directory);
  const encoded: EncodedPrompt[] = [];
  const without: TextNotFound[] = [];
  for (const prompt of prompts) {
    const where = `${path}:${prompt.line}`;
    const ids = prompt.ids ?? encodeLine(tokenizer!, prompt.text!, where);
    checkSaid(prompt, ids, { where, directory });
    checkIds(ids, where, prompt.ids === undefined ? options : { ...options, words: GIVEN_IDS });
    const tokens = choosable(ids.length, prompt, tokenizer);
    try {
      const choice = chooseTokens(position, { prompt, tokens, where, occurrence });
      encoded.push({ line: prompt.line, ids, choice });
    } catch (error) {
      if (!(error instanceof TextNotFound)) throw error;
      without.push(error);
    }
  }
  checkFound(without, path, { prompts, encoded });
  if (tokenizer !== undefined) {
    const isOwn = addedBeginning(options.tokenizer!) !== undefined;
    warnOfSecondBeginning(encoded, tokenizer, { directory, path, observer, isOwn });
    noteDeviation(prompts, tokenizer, { directory, path, observer });
    if (position.kind === "pool" && !isGiven) notePooled(tokenizer, observer);
  }
  return encoded;
}

/** Which occurrence counts is asked of a text alone: elsewhere it would change nothing. */
function checkOccurrence(position: Position, occurrence: Occurrence | undefined): void {
  if (occurrence === undefined || position.kind === "at" || position.kind === "before") return;
  throw new UsageError(
    `the position ${positionText(position)} looks for no text that could occur several times`,
    { subject: { setting: "occurrence", value: occurrence } },
  );
}

/** That there is no token may be the file's doing, and not that of a tokenizer. */
function checkSaid(
  { ids: given, text }: Prompt,
  ids: readonly number[],
  { where, directory }: { where: string; directory: string },
): void {
  if (ids.length > 0) return;
  if (given !== undefined) throw new InputError(`${where}: the list of ids is empty`);
  if (text !== "") return;
  throw new InputError(
    `${where}: the prompt is empty, and the tokenizer of ${directory} adds no token`,
  );
}

function choosable(
  count: number,
  { text, ids }: Prompt,
  tokenizer: Tokenizer | undefined,
): ChoosableTokens {
  if (ids !== undefined || tokenizer === undefined) {
    return { count, added: { before: 0, after: 0 } };
  }
  const { before, after } = tokenizer.surroundings;
  return {
    count,
    added: { before: before.length, after: after.length },
    spans: () => tokenizer.encodeSpans(text!),
  };
}

/** @throws {InputError} Naming all lines that lack the text of the position. */
function checkFound(
  without: readonly TextNotFound[],
  path: string,
  { prompts, encoded }: { prompts: readonly Prompt[]; encoded: readonly EncodedPrompt[] },
): void {
  const [first] = without;
  if (first === undefined) return;
  if (without.length === 1) throw first;
  const found = new Set(encoded.map(({ line }) => line));
  const lines = prompts.map(({ line }) => line).filter((line) => !found.has(line));
  const listed = lines.slice(0, MOST_NAMED).join(", ");
  throw new InputError(
    `${path}: the prompts of ${lines.length} lines do not hold the text of the position: lines ` +
      `${listed}${lines.length > MOST_NAMED ? ", …" : ""}; ${
        first.message.replace(`${path}:`, "line ")
      }`,
  );
}
