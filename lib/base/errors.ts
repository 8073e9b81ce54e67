/**
 * The two kinds of failure that a user can mend. Everything else that is
 * thrown is a defect of coact itself.
 *
 * @module
 */
import type { Advice, Subject } from "./advice.ts";

/** The longest message, in characters. Names and values from files may be of any length. */
const MAX_MESSAGE_LENGTH = 2000;
/** How much of a longer message's end is kept: there it says what to do. */
const KEPT_AT_END = 500;

/** What is known of a problem besides its message, for whoever tells the user. */
export interface ProblemDetails {
  /** What it is about, if the message does not say it. */
  readonly subject?: Subject | undefined;
  /** What could be done. */
  readonly advice?: Advice | undefined;
}

/**
 * A file, a directory or a machine that cannot be used as it is. The message is one line for a
 * reader who has never seen the code: which file, what is wrong. What could be done is data where
 * it depends on how the user chooses things.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { InputError, readQuestions } from "@coact/coact";
 *
 * await assert.rejects(readQuestions("no/such/file.jsonl"), (error) => {
 *   assert(error instanceof InputError);
 *   assert.equal(error.advice?.kind, "name_path");
 *   return true;
 * });
 * ```
 */
export class InputError extends Error {
  /** The name of the class. */
  override name = "InputError";

  /** What the problem is about, if the message does not say it. */
  readonly subject: Subject | undefined;
  /** What could be done. */
  readonly advice: Advice | undefined;

  /** Names from files may hold anything: line ends and other control characters become spaces. */
  constructor(message: string, { subject, advice }: ProblemDetails = {}) {
    super(shortened(message).replaceAll(/\s*[\p{Cc}\p{Zl}\p{Zp}]+\s*/gu, " "));
    this.subject = subject;
    this.advice = advice;
  }
}

/**
 * A command line that cannot be understood: an unknown option, a value out of range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listRelations, pickRelations, UsageError } from "@coact/coact";
 *
 * const relations = listRelations(new Map([[0, "birth_date"]]));
 * assert.throws(() => pickRelations(relations, ["spouse"]), UsageError);
 * ```
 */
export class UsageError extends InputError {
  /** The name of the class. */
  override name = "UsageError";
}

/** What went wrong, as one line without a stack, whatever was thrown. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return shortened(text).replaceAll(/\s*\n\s*/g, " ").trim();
}

/** The middle is left out of what is too long, before anything looks at every character of it. */
function shortened(text: string): string {
  if (text.length <= MAX_MESSAGE_LENGTH) return text;
  const start = text.slice(0, MAX_MESSAGE_LENGTH - KEPT_AT_END - 3);
  return `${start} … ${text.slice(-KEPT_AT_END)}`.toWellFormed();
}
