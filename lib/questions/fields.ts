/**
 * The fields of a line: by name, with their values as the file says them.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";

/** A number as its file spells it: `01.50` is not `1.5`. */
export class WrittenNumber {
  /** How it is written. */
  readonly text: string;

  /** Takes it as it is. */
  constructor(text: string) {
    this.text = text;
  }
}

/** The fields of a line. */
export interface Fields {
  /** The value of a field; undefined if the line has none of that name. */
  get(name: string): unknown;
  /** The names of the fields. */
  readonly names: readonly string[];
}

/** A line of a file of prompts. */
export interface PromptLine {
  /** Its number in the file, from 1; of a row of several lines, that of the first. */
  readonly line: number;
  /** Its fields. */
  readonly fields: Fields;
}

/** How many fields a message names at most. */
const MOST_NAMED = 12;

/** What a scalar says: a text, a number as it is written, `true` or `false`. */
export interface Scalar {
  /** Its text. */
  readonly text: string;
  /** What it is. */
  readonly kind: "text" | "number" | "boolean";
}

/**
 * What a value says.
 *
 * @returns undefined if it is null or not there.
 * @throws {InputError} If it is a list, an object, NaN, or has half of a character.
 */
export function scalarOf(value: unknown, where: string): Scalar | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof WrittenNumber) return { text: value.text, kind: "number" };
  if (typeof value === "boolean") return { text: String(value), kind: "boolean" };
  if (typeof value !== "string") {
    const what = typeof value === "number"
      ? String(value)
      : Array.isArray(value)
      ? "a list"
      : "an object";
    throw new InputError(`${where} is ${what}, expected a text or a number`);
  }
  if (value.isWellFormed()) return { text: value, kind: "text" };
  throw new InputError(`${where}: a character is cut in half (a lone surrogate)`);
}

/**
 * What a field says that has to be there.
 *
 * @param where The file and the line, for messages.
 * @throws {InputError} If it is not, or says nothing that a text could hold.
 */
export function textOfField(fields: Fields, name: string, where: string): string {
  const scalar = scalarOf(fields.get(name), `${where}: the field ${name}`);
  if (scalar !== undefined) return scalar.text;
  if (fields.names.includes(name)) throw new InputError(`${where}: the field ${name} is null`);
  throw new InputError(`${where}: the field ${name} is missing; ${listNames(fields)}`);
}

/** Which fields there are, for a reader who named another. */
export function listNames({ names }: Fields): string {
  if (names.length === 0) return "there is no field";
  const listed = names.slice(0, MOST_NAMED).join(", ");
  return `the fields are ${listed}${names.length > MOST_NAMED ? ", …" : ""}`;
}

/** The fields of what is no line of a file. */
export const emptyFields: Fields = { get: () => undefined, names: [] };
