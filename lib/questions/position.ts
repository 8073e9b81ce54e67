/**
 * Where in a prompt a state is read: at one token, or pooled over all of them.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Fields, listNames, scalarOf } from "./fields.ts";
import { fillTemplate, parseTemplate, type Template } from "./template.ts";

/** How the tokens of a prompt are pooled. */
export const POOLINGS = ["mean", "max", "any"] as const;

/** A way to pool. */
export type Pooling = (typeof POOLINGS)[number];

/** Where in a prompt a state is read. */
export type Position =
  /** At a token: from 0, or negative from the end. */
  | { readonly kind: "index"; readonly index: number }
  /** At the token whose index a field of the line holds. */
  | { readonly kind: "field"; readonly field: string }
  /** At the token that holds a text's last byte, or at the last one before the text. */
  | { readonly kind: "at" | "before"; readonly text: Template }
  /** At all tokens, pooled. */
  | { readonly kind: "pool"; readonly pooling: Pooling };

/** Of several occurrences of a text, which one. */
export type Occurrence = "first" | "last";

/** The default: the last token. */
export const LAST: Position = { kind: "index", index: -1 };

/**
 * Reads a position: `last`, `0`, `-2`, `field:NAME`, `at:TEXT`, `before:TEXT`, `mean`, `max`, `any`.
 *
 * @returns Undefined if the text is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePosition } from "@coact/coact";
 *
 * assert.deepEqual(parsePosition("last"), { kind: "index", index: -1 });
 * assert.deepEqual(parsePosition("at:{city}"), { kind: "at", text: [{ field: "city" }] });
 * ```
 */
export function parsePosition(text: string): Position | undefined {
  const name = text.trim();
  if (name === "last") return LAST;
  if (/^[+-]?\d{1,7}$/.test(name)) return { kind: "index", index: Number(name) || 0 };
  const pooling = POOLINGS.find((each) => each === name);
  if (pooling !== undefined) return { kind: "pool", pooling };
  const [, kind, rest] = /^\s*(field|at|before):([^]+)$/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  if (kind === "field") return { kind, field: rest };
  return rest.isWellFormed()
    ? { kind: kind as "at" | "before", text: parseTemplate(rest) }
    : undefined;
}

/** A position as it is written; {@linkcode parsePosition} reads it. */
export function positionText(position: Position): string {
  switch (position.kind) {
    case "index":
      return position.index === -1 ? "last" : String(position.index);
    case "field":
      return `field:${position.field}`;
    case "pool":
      return position.pooling;
  }
  const parts = position.text.map((part) => typeof part === "string" ? part : `{${part.field}}`);
  return `${position.kind}:${parts.join("")}`;
}

/**
 * The index that a line's field holds.
 *
 * @param where The file and the line, for messages.
 * @throws {InputError} If it is missing, or no whole number.
 */
export function indexOfField(fields: Fields, field: string, where: string): number {
  const scalar = scalarOf(fields.get(field), `${where}: the position ${field}`);
  if (scalar === undefined) {
    const isThere = fields.names.includes(field);
    throw new InputError(
      `${where}: the position ${field} is ${isThere ? "null" : `missing; ${listNames(fields)}`}`,
    );
  }
  if (scalar.kind !== "boolean" && /^\s*[+-]?\d{1,7}\s*$/.test(scalar.text)) {
    return Number(scalar.text) || 0; // which is never -0
  }
  throw new InputError(
    `${where}: the position ${field} is ${
      scalar.text || "empty"
    }, expected a whole number: from 0, ` +
      "or negative from the end",
  );
}

/** The text that a position looks for in a line's prompt, with the fields that it names. */
export function soughtText(
  { text }: Extract<Position, { kind: "at" | "before" }>,
  fields: Fields,
  where: string,
): string {
  const sought = fillTemplate(text, fields, where);
  if (sought !== "") return sought;
  throw new InputError(`${where}: the text that the position looks for is empty`);
}

/** Where a text occurs in another one, in UTF-16 units, occurrences that overlap included. */
export function occurrencesOf(sought: string, text: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + 1)) found.push(at);
  return found;
}
