/**
 * Groups of prompts by what a field says of them: the labels, in the order in which they appear or
 * in one that is asked for.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { visibleText } from "../base/visible_text.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import type { Scalar } from "./fields.ts";
import { MAX_RELATIONS, type Relation } from "./relations.ts";

/** What a line says that its prompt belongs to. */
export interface LabelledLine {
  /** The line, from 1. */
  readonly line: number;
  /** Its label; undefined if it has none. */
  readonly label: Scalar | undefined;
}

/** Prompts in groups. */
export interface Grouping {
  /** The field that holds the labels. */
  readonly field: string;
  /** The groups; the key of each is its label. */
  readonly groups: readonly Relation[];
  /** The number of each prompt's group; undefined for one without a label. */
  readonly groupOf: readonly (number | undefined)[];
  /** How many prompts have no label. */
  readonly unlabelled: number;
}

/** The longest label, in characters. */
const MAX_LABEL_LENGTH = 100;
/** How many labels are listed at most in a message. */
const MOST_LISTED = 10;

/** A group before its key is known. */
interface Group {
  readonly label: Scalar;
  readonly line: number;
}

/**
 * Groups lines by their labels. Labels are what they say: the number 1 and the text "1" are two
 * groups, and so are "a" and " a"; whoever listens is warned of such neighbours.
 *
 * @param path The file, for messages.
 * @param field The field that holds the labels.
 * @param options.order The labels in the order wanted, all of them. Default: that of appearance.
 * @throws {InputError} If `order` lacks a label or has one that no line has, or there are too many.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { groupByLabel } from "@coact/coact";
 *
 * const lines = ["10", "9", "10"].map((text, i) => {
 *   return { line: i + 1, label: { text, kind: "number" as const } };
 * });
 * const { groups, groupOf } = groupByLabel(lines, "data.jsonl", "digit");
 * assert.deepEqual(groups.map(({ key }) => key), ["10", "9"]);
 * assert.deepEqual(groupOf, [0, 1, 0]);
 * ```
 */
export function groupByLabel(
  lines: readonly LabelledLine[],
  path: string,
  field: string,
  { order, observer = SILENT }: {
    order?: readonly string[] | undefined;
    observer?: Observer | undefined;
  } = {},
): Grouping {
  const found = new UntrustedMap<Group>();
  for (const { line, label } of lines) {
    if (label === undefined || found.has(identityOf(label))) continue;
    checkLabel(label, `${path}:${line}: the field ${field}`);
    found.set(identityOf(label), { label, line });
    if (found.size <= MAX_RELATIONS) continue;
    throw new InputError(
      `${path}:${line}: ${field} has over ${MAX_RELATIONS} labels; is it a field of groups?`,
    );
  }
  if (found.size === 0) throw new InputError(`${path}: no line has a label in the field ${field}`);
  const groups = [...found.values()];
  warnOfNeighbours(groups, `${path}: ${field}`, observer);
  const ordered = order === undefined ? groups : inOrder(groups, order, `${path}: ${field}`);
  const numbers = new UntrustedMap(ordered.map(({ label }, i) => [identityOf(label), i]));
  return {
    field,
    groups: ordered.map((group, index) => relationOf(group, index, ordered)),
    groupOf: lines.map(({ label }) => label && numbers.get(identityOf(label))),
    unlabelled: lines.filter(({ label }) => label === undefined).length,
  };
}

/** What tells two labels apart: what they say, and as what. */
function identityOf({ kind, text }: Scalar): string {
  return `${kind} ${text}`;
}

function checkLabel({ text }: Scalar, where: string): void {
  if ([...text].length <= MAX_LABEL_LENGTH) return;
  throw new InputError(
    `${where} is longer than ${MAX_LABEL_LENGTH} characters, which is no label for a group`,
  );
}

/** Where a number reads as a text does, the text's key is in quotation marks, as JSON has it. */
function relationOf({ label }: Group, index: number, groups: readonly Group[]): Relation {
  const twin = groups.some(({ label: { kind, text } }) =>
    text === label.text && kind !== label.kind
  );
  const key = twin && label.kind === "text" ? JSON.stringify(label.text) : label.text;
  return { index, key, label: visibleText(key) };
}

/** Labels that a reader, or whoever typed them, may have meant as one. */
function warnOfNeighbours(groups: readonly Group[], where: string, observer: Observer): void {
  const byLook = new UntrustedMap<Group[]>();
  for (const group of groups) {
    const look = group.label.text.normalize("NFKC").trim();
    const same = byLook.get(look);
    if (same === undefined) byLook.set(look, [group]);
    else same.push(group);
  }
  for (const same of byLook.values()) {
    if (same.length === 1) continue;
    const kinds = new Set(same.map(({ label: { kind } }) => kind));
    const difference = kinds.size > 1
      ? "a text, a number and a truth value are different labels"
      : "they differ in spaces around them or in how their characters are encoded";
    const listed = same.map(({ label, line }) => `${written(label)} (line ${line})`).join(", ");
    observer.warn(`${where}: ${listed} are ${same.length} groups: ${difference}`);
  }
}

/** A label as JSON writes it, with all that is not plain as escapes. */
function written({ kind, text }: Scalar): string {
  if (kind !== "text") return text;
  const inQuotes = JSON.stringify(text);
  return text.normalize("NFC") === text && text.trim() === text
    ? inQuotes
    : inQuotes.replaceAll(/[^\x20-\x7e]/g, (unit) => {
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    });
}

function inOrder(groups: readonly Group[], order: readonly string[], where: string): Group[] {
  const ordered: Group[] = [];
  for (const text of order) {
    const same = groups.filter(({ label }) => label.text === text);
    if (same.length === 0) {
      throw new InputError(`${where}: no line has the label ${text} that the order names`);
    }
    if (ordered.includes(same[0]!)) {
      throw new InputError(`${where}: the order names the label ${text} twice`);
    }
    ordered.push(...same);
  }
  const others = groups.filter((group) => !ordered.includes(group));
  if (others.length === 0) return ordered;
  const listed = others.slice(0, MOST_LISTED)
    .map(({ label, line }) => `${label.text} (line ${line})`).join(", ");
  throw new InputError(
    `${where}: the order has to name all labels, and lacks ${listed}` +
      (others.length > MOST_LISTED ? ", …" : ""),
  );
}
