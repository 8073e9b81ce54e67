/**
 * From prompts to token ids, and to the tokens of each that count.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { LAST, type Occurrence, type Position } from "../questions/position.ts";
import type { Prompt } from "../questions/prompt_file.ts";
import { addedBeginning, withBeginning } from "./beginning_token.ts";
import {
  type ChoosableTokens,
  chooseTokens,
  TextNotFound,
  type TokenChoice,
} from "./token_choice.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** What a model takes. */
export interface PromptLimits {
  /** How many tokens there are. */
  readonly vocab_size: number;
  /** The longest prompt, in tokens. */
  readonly n_positions: number;
}

/** How prompts become tokens. */
export interface EncodePromptsOptions {
  /** The tokenizer; not needed where ids are given. */
  readonly tokenizer?: Tokenizer | undefined;
  /** What the model takes. Default: anything. */
  readonly limits?: PromptLimits | undefined;
  /** The directory of the model, for messages. */
  readonly directory: string;
  /** The file of the prompts, for messages. */
  readonly path: string;
  /** Which tokens count. Default: the last. */
  readonly position?: Position | undefined;
  /** Of several occurrences of a position's text, which counts. Default: it is an error. */
  readonly occurrence?: Occurrence | undefined;
  /** Whether the beginning token goes before each prompt. Default: as the tokenizer does. */
  readonly prependBos?: boolean | undefined;
  /** Who made the tokens, for messages. Default: the prompt. */
  readonly words?: TokenWords | undefined;
  /** Told of a beginning token that is there twice, and what pooling leaves out. Default: nobody. */
  readonly observer?: Observer | undefined;
}

/** A prompt's tokens. */
export interface EncodedPrompt {
  /** Its line in the file. */
  readonly line: number;
  /** Their ids. */
  readonly ids: readonly number[];
  /** Those that count. */
  readonly choice: TokenChoice;
}

/** How many lines are named at most. */
const MOST_NAMED = 10;

/**
 * Encodes prompts, checks that the model takes them, and chooses the tokens that count. Nothing is
 * cut off.
 *
 * @throws {InputError} If a prompt makes no token, has more than the model has positions, or one that
 * it does not have, or lacks the token that the position means; the line is named.
 */
export function encodePrompts(
  prompts: readonly Prompt[],
  options: EncodePromptsOptions,
): EncodedPrompt[] {
  const { path, position = LAST, occurrence, directory, prependBos } = options;
  const isGiven = prompts.some(({ ids }) => ids !== undefined);
  if (isGiven && prependBos !== undefined) {
    throw new UsageError("the ids of the prompts are given, and are taken as they stand", {
      subject: { setting: "prependBos" },
    });
  }
  const tokenizer = options.tokenizer && withBeginning(options.tokenizer, prependBos, directory);
  const encoded: EncodedPrompt[] = [];
  const without: TextNotFound[] = [];
  for (const prompt of prompts) {
    const where = `${path}:${prompt.line}`;
    const ids = prompt.ids ?? encodeLine(tokenizer!, prompt.text!, where);
    checkSaid(prompt, ids, { where, directory });
    checkIds(ids, where, options);
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
    sayOfBeginning(encoded, tokenizer, options);
    sayOfDeviation(prompts, tokenizer, options);
    if (position.kind === "pool" && !isGiven) sayOfPooling(tokenizer, options);
  }
  return encoded;
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

/** Encodes a prompt; what is wrong with it is said with its line. */
export function encodeLine(tokenizer: Tokenizer, prompt: string, where: string): number[] {
  try {
    return tokenizer.encode(prompt);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${where}: ${error.message}`) : error;
  }
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

/** Who made a prompt's tokens, in words: `the prompt has` 12 tokens, `the prompt has` token 7. */
export interface TokenWords {
  /** Before a number of tokens. */
  readonly has: string;
  /** Before a token. */
  readonly holds: string;
}

const PROMPT: TokenWords = { has: "the prompt has", holds: "the prompt has" };

/**
 * Makes sure that a model takes a prompt.
 *
 * @param where The file and the line, for messages.
 * @throws {InputError} If it makes no token, has too many, or one that the model does not have.
 */
export function checkIds(
  ids: readonly number[],
  where: string,
  { limits, directory, words: { has, holds } = PROMPT }: Pick<
    EncodePromptsOptions,
    "limits" | "directory" | "words"
  >,
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
    throw new InputError(
      `${where}: ${holds} token ${unknown}, but the model ${directory} has ${vocab_size}: its ` +
        "tokenizer belongs to another model",
    );
  }
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

/** A text may hold the token already that the tokenizer adds: the library does not look, either. */
function sayOfBeginning(
  encoded: readonly EncodedPrompt[],
  tokenizer: Tokenizer,
  { path, observer = SILENT, directory }: EncodePromptsOptions,
): void {
  const added = addedBeginning(tokenizer);
  if (added === undefined) return;
  const at = tokenizer.surroundings.before.length;
  const twice = encoded.filter(({ ids }) => ids[at] === added);
  const [first] = twice;
  if (first === undefined) return;
  const which = twice.length === 1
    ? `the prompt of line ${first.line} begins`
    : `${twice.length} prompts begin, the first on line ${first.line},`;
  observer.warn(
    `${path}: ${which} with the beginning token ${
      tokenizer.tokenOf(added)
    }, and the tokenizer of ` +
      `${directory} adds it once more: it is there twice`,
    { kind: "decide_beginning" },
  );
}

/** The ids are what `tokenizer.json` says; the library may be another opinion. */
function sayOfDeviation(
  prompts: readonly Prompt[],
  { deviation }: Tokenizer,
  { path, observer = SILENT }: EncodePromptsOptions,
): void {
  if (deviation === undefined) return;
  const first = prompts.find(({ text }) => text !== undefined && deviation.concerns(text));
  if (first === undefined) return;
  observer.note(
    `${path}: transformers 5 may give other ids, from line ${first.line} on: ${deviation.what}, ` +
      "which tokenizer.json does not say; the ids are those that tokenizer.json says",
  );
}

function sayOfPooling(
  tokenizer: Tokenizer,
  { observer = SILENT }: EncodePromptsOptions,
): void {
  const { before, after } = tokenizer.surroundings;
  const names = [...before, ...after].map((id) => tokenizer.tokenOf(id) ?? String(id));
  observer.note(
    names.length === 0
      ? "pooling takes all tokens of each prompt: the tokenizer adds none"
      : `pooling leaves out what the tokenizer adds to each prompt: ${names.join(", ")}`,
  );
}
