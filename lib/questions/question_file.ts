/**
 * The question file: one JSON object a line, of which the relation and the question count.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { InputError } from "../base/errors.ts";
import type { Prompt } from "./prompt_file.ts";
import { MAX_RELATIONS } from "./relations.ts";
import { type ByteSource, FileSource } from "../files/byte_source.ts";
import { checkAgainst, MissingFieldError, parseJson, type Schema } from "../files/json.ts";
import { SteadyFile } from "../files/steady_file.ts";
import { readLines } from "../files/text_lines.ts";
import { checkQuestionSource, findQuestionFile } from "./question_source.ts";

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

/** A question, and where it comes from. */
export interface Question {
  /** Its line in the question file, from 1. */
  readonly line: number;
  /** The number of the relation that it asks about. */
  readonly relation: number;
  /** The question, in words. */
  readonly text: string;
  /** The prompt that the question is, where fields or a template were named for it. */
  readonly prompt?: Prompt | undefined;
  /** Whose it is, `person_id`, or another field of clusters; undefined where the line does not say. */
  readonly person?: string | undefined;
  /** Which wording it has, `template_idx`; undefined where the line does not say. */
  readonly template?: string | undefined;
}

/** What a question file holds. */
export interface QuestionFile {
  /** Its path. */
  readonly path: string;
  /** The SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
  /** The file as it was when it was opened; empty if the questions came from elsewhere. */
  readonly files: readonly SteadyFile[];
  /** The questions, in the order of the file. */
  readonly questions: readonly Question[];
  /** The name of each relation that occurs, by its number; undefined where the file has none. */
  readonly relationNames: ReadonlyMap<number, string | undefined>;
}

/**
 * Reads a question file. Blank lines are skipped.
 *
 * @throws {InputError} If a line is malformed (with its number), two lines name one relation
 * differently, there is no question at all, or the file is absurdly long.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readQuestions } from "@coact/coact";
 *
 * const { questions, relationNames } = await readQuestions("demo/data/qa_test_id.jsonl");
 * assert.equal(questions.length, 750);
 * assert.equal(relationNames.get(0), "birth_date");
 * ```
 */
export async function readQuestions(path: string): Promise<QuestionFile> {
  await findQuestionFile(path);
  using source = await FileSource.open(path);
  const file = SteadyFile.of(source);
  const questions = await parseQuestions(source);
  file.wasHashed(questions.sha256);
  return { ...questions, files: [file] };
}

/**
 * Reads questions from wherever their bytes are. Blank lines are skipped.
 *
 * @throws {InputError} As {@linkcode readQuestions} does.
 */
export async function parseQuestions(source: ByteSource): Promise<QuestionFile> {
  const path = source.name;
  await checkQuestionSource(source);
  const hash = createHash("sha256");
  const questions: Question[] = [];
  const relationNames = new Map<number, string | undefined>();
  for await (const line of readLines(source, (bytes) => hash.update(bytes))) {
    if (line.text.trim() === "") continue;
    const where = `${path}:${line.number}`;
    const read = readLine(line.text, where, questions.length === 0);
    addRelationName(relationNames, read, where);
    const [person, template] = [read.person_id, read.template_idx].map(textOf);
    questions.push({
      line: line.number,
      relation: read.rule_idx,
      text: read.question,
      ...(person !== undefined && { person }),
      ...(template !== undefined && { template }),
    });
  }
  if (questions.length === 0) throw new InputError(`${path} holds no questions`);
  return { path, sha256: hash.digest("hex"), files: [], questions, relationNames };
}

/** Reads a line. Where the first one lacks AlignSAE's fields, the file is another's. */
function readLine(text: string, where: string, isFirst: boolean): QuestionLine {
  try {
    return parseJson(questionLineSchema, text, where, "JSON object on a line of its own");
  } catch (error) {
    if (!isFirst || !(error instanceof MissingFieldError)) throw error;
    throw new InputError(error.message, { advice: { kind: "name_fields" } });
  }
}

/** What a line says of clusters; a blank and NaN, as tables have them for what is missing, say nothing. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string" && value.trim() !== "") return value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}
