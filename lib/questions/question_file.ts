/**
 * The question file: one JSON object a line, of which the relation and the question count.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { InputError } from "../base/errors.ts";
import type { Prompt } from "./prompt_file.ts";
import { type ByteSource, FileSource } from "../files/byte_source.ts";
import { MissingFieldError, parseJson } from "../files/json.ts";
import { SteadyFile } from "../files/steady_file.ts";
import { readLines } from "../files/text_lines.ts";
import { addRelationName, type QuestionLine, questionLineSchema } from "./question_line.ts";
import { checkQuestionSource, findQuestionFile } from "./question_source.ts";

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
  /** What parts its cells if nobody says it; undefined if it is no table then. */
  readonly ownDelimiter?: string | undefined;
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
