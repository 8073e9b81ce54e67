/**
 * JSON from outside, checked against a schema as soon as it is read.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type JsonLimits, type ParsedJson, parseJsonText } from "./json_parser.ts";
import { JsonProblem, placeIn } from "./json_text.ts";
import { readText } from "./read_text.ts";

/** A zod schema, as far as its user needs to know it. */
export interface Schema<T> {
  /** Checks a value and returns it with its defaults; throws a `ZodError` if it does not fit. */
  parse(value: unknown): T;
  /** The same, but says what does not fit instead of throwing. */
  safeParse(value: unknown): SchemaResult<T>;
  /** The schema as a JSON Schema, for other tools. */
  toJSONSchema(): object;
}

/** Whether a value fits a schema. */
export type SchemaResult<T> =
  | { success: true; data: T }
  | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };

/** A field that is not there. */
export class MissingFieldError extends InputError {}

/**
 * Holds a value against a schema.
 *
 * @param where The file, for messages: a path, or a path and a line.
 * @returns The value as the schema makes it.
 * @throws {InputError} Naming the first field that does not fit.
 */
export function checkAgainst<T>(schema: Schema<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = path.join(".");
  if (message.endsWith("received undefined")) {
    throw new MissingFieldError(`${where}: ${field || "the value"} is missing`);
  }
  const problem = `${message[0]!.toLowerCase()}${message.slice(1)}`;
  throw new InputError(`${where}: ${field === "" ? "" : `${field}: `}${problem}`);
}

/**
 * Parses JSON and holds it against a schema. `NaN` and `Infinity`, as Python writes them, may stand
 * where the schema does not look.
 *
 * @param where The file, for messages.
 * @param expected What the text is to be. Default: `JSON`.
 * @throws {InputError} If the text is no JSON, is nested too deeply, holds too many values or a field
 * twice, or does not fit.
 */
export function parseJson<T>(
  schema: Schema<T>,
  text: string,
  where: string,
  expected: string = "JSON",
): T {
  const parsed = parseText(text, where, expected);
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return checked.data;
  checkFinite(parsed, checked.error.issues[0]!.path, { text, where });
  return checkAgainst(schema, parsed.value, where);
}

/**
 * Parses JSON of which the shape is checked by the caller. Numbers in it may be `NaN` or `Infinity`.
 *
 * @param where The file, for messages.
 * @param expected What the text is to be. Default: `JSON`.
 * @param limits How much it may hold.
 * @throws {InputError} If the text is no JSON, is nested too deeply, or holds too many values or a
 * field twice.
 */
export function parseBounded(
  text: string,
  where: string,
  expected: string = "JSON",
  limits: JsonLimits = {},
): unknown {
  return parseText(text, where, expected, limits).value;
}

function parseText(
  text: string,
  where: string,
  expected: string,
  limits: JsonLimits = {},
): ParsedJson {
  try {
    return parseJsonText(text, limits);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    if (error.offset === undefined) throw new InputError(`${where} ${error.message}`);
    throw new InputError(`${where} is no ${expected} (${placeIn(text, error.offset)})`);
  }
}

/**
 * Says where a number stands that is none, if it is what does not fit.
 *
 * @throws {InputError} If it is.
 */
function checkFinite(
  { value, nonFinite }: ParsedJson,
  path: readonly PropertyKey[],
  { text, where }: { text: string; where: string },
): void {
  let holder: unknown;
  let found = value;
  for (const key of path) {
    holder = found;
    found = (holder as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  const place = nonFinite.find((each) => each.holder === holder && each.key === path.at(-1));
  if (place === undefined) return;
  throw new InputError(
    `${where}: ${path.join(".")} is ${found} (${placeIn(text, place.offset)}), expected a value ` +
      "that is finite",
  );
}

/**
 * Reads a JSON file and holds it against a schema.
 *
 * @param maxBytes The longest file that is read. Default: that of {@linkcode readText}.
 * @throws {InputError} If it is missing, no JSON, or does not fit.
 */
export async function readJson<T>(
  schema: Schema<T>,
  path: string,
  maxBytes?: number,
): Promise<T> {
  return parseJson(schema, await readText(path, maxBytes), path);
}
