/**
 * Token ids that stand on a line in the place of a text.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Fields, textOfField, WrittenNumber } from "./fields.ts";

/** The greatest id: those of graphs are 32 bits wide. */
const MAX_ID = 2 ** 31 - 1;

/**
 * The ids in a field: a list of them, or in a table a text such as `[5, 17, 2]` or `5 17 2`.
 *
 * @param where The file and the line, for messages.
 * @throws {InputError} If the field is missing, or holds anything but whole numbers from 0.
 */
export function idsOfField(fields: Fields, name: string, where: string): number[] {
  const value = fields.get(name);
  const parts: unknown[] = Array.isArray(value)
    ? value
    : textOfField(fields, name, where).replaceAll(/[[\],;]/g, " ").split(" ")
      .filter((part) => part !== "").map((part) => new WrittenNumber(part));
  return parts.map((part, i) => {
    const text = part instanceof WrittenNumber ? part.text : "";
    const id = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (id <= MAX_ID) return id;
    throw new InputError(
      `${where}: the field ${name} holds ${text || "something else"} in place ${i}, expected a ` +
        "token id: a whole number from 0",
    );
  });
}
