/**
 * JSON from outside, checked against a schema as soon as it is read.
 *
 * @module
 */
import type { z } from "zod";
import { InputError } from "../errors.ts";
import { readText } from "./byte_source.ts";

/**
 * Holds a value against a schema.
 *
 * @param where The file, for messages: a path, or a path and a line.
 * @returns The value as the schema makes it.
 * @throws {InputError} Naming the first field that does not fit.
 */
export function checkAgainst<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = path.length === 0 ? "" : `${path.join(".")}: `;
  throw new InputError(`${where}: ${field}${message[0]!.toLowerCase()}${message.slice(1)}`);
}

/**
 * Parses JSON and holds it against a schema.
 *
 * @param where The file, for messages.
 * @throws {InputError} If the text is no JSON or does not fit.
 */
export function parseJson<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${where} is no JSON`);
  }
  return checkAgainst(schema, value, where);
}

/**
 * Reads a JSON file and holds it against a schema.
 *
 * @throws {InputError} If it is missing, no JSON, or does not fit.
 */
export async function readJson<T>(schema: z.ZodType<T>, path: string): Promise<T> {
  return parseJson(schema, await readText(path), path);
}
