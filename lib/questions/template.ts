/**
 * Texts with places for the fields of a line: `Q: {question}\nA:`.
 *
 * @module
 */
import { type Fields, textOfField } from "./fields.ts";

/** A text with places: texts as they are, and fields by name. */
export type Template = readonly (string | { readonly field: string })[];

/**
 * Reads a template. `{NAME}` is a field; braces that enclose no name stay as they are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseTemplate } from "@coact/coact";
 *
 * assert.deepEqual(parseTemplate("Q: {question}\nA:"), ["Q: ", { field: "question" }, "\nA:"]);
 * ```
 */
export function parseTemplate(text: string): Template {
  return text.split(/\{([^{}]+)\}/)
    .map((part, i) => i % 2 === 1 ? { field: part } : part)
    .filter((part) => part !== "");
}

/** The names of the fields that a template has places for, each once. */
export function fieldsOf(template: Template): string[] {
  return [...new Set(template.flatMap((part) => typeof part === "string" ? [] : [part.field]))];
}

/**
 * A template with a line's fields in their places. What they say stays as it is.
 *
 * @param where The file and the line, for messages.
 * @throws {InputError} If the line lacks a field, or it says nothing that a text could hold.
 */
export function fillTemplate(template: Template, fields: Fields, where: string): string {
  return template.map((part) =>
    typeof part === "string" ? part : textOfField(fields, part.field, where)
  ).join("");
}
