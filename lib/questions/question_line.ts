/**
 * A line of the question file: which relation it is about, and the question.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../base/errors.ts";
import { checkAgainst, type Schema } from "../files/json.ts";
import { MAX_RELATIONS } from "./relations.ts";

/** The longest question, in UTF-16 units: more than the positions of any GPT-2 hold. */
const MAX_QUESTION_LENGTH = 10_000;
/** The longest name of a relation, in characters. */
const MAX_NAME_LENGTH = 100;
/** What is wrong with a text that Python's `json.dumps` wrote of broken characters: `"\ud83d"`. */
const LONE_SURROGATE = "a character is cut in half (a lone surrogate)";

/** The fields of a line of the question file that are read; others may be there. */
export interface QuestionLine {
  /** The number of the relation that is asked about, from 0. */
  rule_idx: number;
  /** The name of that relation; null is none. */
  rule_name?: string | null | undefined;
  /** The question, in words. */
  question: string;
  /** Whose it is; anything but a text or a number says nothing. */
  person_id?: unknown;
  /** Which wording it has; anything but a text or a number says nothing. */
  template_idx?: unknown;
}

const relationName = z.string()
  .regex(
    new RegExp(`^[^]{1,${MAX_NAME_LENGTH}}$`, "u"),
    `expected 1 to ${MAX_NAME_LENGTH} characters`,
  )
  .regex(/^\P{Cc}*$/u, "expected no line end or other control character")
  .refine((name) => name.trim() !== "", "the name is blank")
  .refine((name) => name.isWellFormed(), LONE_SURROGATE)
  .refine((name) => name !== "__proto__", "this name would be lost in JSON");

/**
 * The schema of a line of the question file.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { questionLineSchema } from "@coact/coact";
 *
 * const line = { rule_idx: 0, question: "When was Ada Lovelace born?" };
 * assert.deepEqual(questionLineSchema.parse(line), line);
 * assert(!questionLineSchema.safeParse({ ...line, rule_idx: -1 }).success);
 * ```
 */
export const questionLineSchema: Schema<QuestionLine> = z.object({
  rule_idx: z.int().nonnegative().lt(MAX_RELATIONS),
  rule_name: relationName.nullish(),
  question: z.string()
    .max(MAX_QUESTION_LENGTH, `the question is longer than ${MAX_QUESTION_LENGTH} characters`)
    .refine((text) => text.trim() !== "", "the question is empty")
    .refine((text) => text.isWellFormed(), LONE_SURROGATE),
  person_id: z.unknown().optional(),
  template_idx: z.unknown().optional(),
});

/** The part of {@linkcode questionLineSchema} that says which relation a line is about. */
const relationSchema: Schema<Pick<QuestionLine, "rule_idx" | "rule_name">> = z.object({
  rule_idx: z.int().nonnegative().lt(MAX_RELATIONS),
  rule_name: relationName.nullish(),
});

/**
 * Checks which relation a line says it is about.
 *
 * @param where The file and the line, for messages.
 * @throws {InputError} If it says none.
 */
export function checkRelation(
  said: unknown,
  where: string,
): Pick<QuestionLine, "rule_idx" | "rule_name"> {
  return checkAgainst(relationSchema, said, where);
}

/**
 * Adds the name that a line gives a relation.
 *
 * @throws {InputError} If an earlier line gave it another one.
 */
export function addRelationName(
  names: Map<number, string | undefined>,
  { rule_idx: relation, rule_name }: Pick<QuestionLine, "rule_idx" | "rule_name">,
  where: string,
): void {
  const name = rule_name ?? undefined;
  const known = names.get(relation);
  if (known !== undefined && name !== undefined && known !== name) {
    throw new InputError(
      `${where}: relation ${relation} is named ${name}, on an earlier line ${known}`,
    );
  }
  names.set(relation, known ?? name);
}
