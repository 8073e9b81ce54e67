/**
 * What files say of themselves, held against what is found.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";

/** What is said somewhere. */
export interface Said {
  /** What stands for the SAE in messages: its path. */
  readonly path: string;
  /** Where it is said: `config.json`. */
  readonly source: string;
  /** What it is called there: `activation_dim`. */
  readonly name: string;
  /** The value; nothing is said by undefined or null. */
  readonly value: number | null | undefined;
}

/**
 * Holds a size that is said against the one that is found.
 *
 * @param what What was found, as in `its tensors have width`.
 * @throws {InputError} If they differ, naming both.
 */
export function checkSaid(
  { path, source, name, value }: Said,
  found: number,
  what: string,
): void {
  if (value === undefined || value === null || value === found) return;
  throw new InputError(
    `${path} contradicts itself: ${source} says ${name} ${value}, but ${what} ${found}`,
  );
}

/**
 * Makes sure that so many features can be kept.
 *
 * @returns The number.
 * @throws {InputError} If it is missing, no integer, or not 1 to `featureCount`.
 */
export function checkedK({ path, source, name, value }: Said, featureCount: number): number {
  if (value === undefined || value === null) {
    throw new InputError(
      `${path}: ${source} does not say ${name}, how many features of a question are kept`,
    );
  }
  if (Number.isInteger(value) && value >= 1 && value <= featureCount) return value;
  throw new InputError(`${path}: ${source} says ${name} ${value}, expected 1 to ${featureCount}`);
}

/** What a user is told of tensors that nobody reads. */
export function notesOnUnread(
  { tensors, unreadable }: TensorFile,
  read: readonly string[],
): string[] {
  const known = new Set(read);
  const unread = [...tensors.keys(), ...unreadable.keys()].filter((name) => !known.has(name));
  if (unread.length === 0) return [];
  const shown = unread.slice(0, 8).join(", ") + (unread.length > 8 ? ", …" : "");
  return [`it holds ${shown}, which coact does not know and does not read`];
}
