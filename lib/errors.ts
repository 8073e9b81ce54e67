/**
 * The two kinds of failure that a user can mend. Everything else that is
 * thrown is a defect of coact itself.
 *
 * @module
 */

/**
 * A file, a directory or a machine that cannot be used as it is. The message is one line for a
 * reader who has never seen the code: which file, what is wrong, what to do.
 */
export class InputError extends Error {
  /** The name of the class. */
  override name = "InputError";

  /** Names from files may hold anything: line ends and other control characters become spaces. */
  constructor(message: string) {
    super(message.replaceAll(/\s*\p{Cc}+\s*/gu, " "));
  }
}

/** A command line that cannot be understood: an unknown option, a value out of range. */
export class UsageError extends InputError {
  /** The name of the class. */
  override name = "UsageError";
}

/** What went wrong, as one line without a stack, whatever was thrown. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}
