/**
 * A file of prompts: which text, or which token ids, stand on each line, and what else is said there.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { type ByteSource, FileSource } from "../files/byte_source.ts";
import { SteadyFile } from "../files/steady_file.ts";
import { type Fields, listNames, type PromptLine, type Scalar } from "./fields.ts";
import { idsOfField } from "./ids_field.ts";
import { type Clusters, clustersOf, isKept, labelsOf } from "./line_labels.ts";
import type { PromptFields } from "./prompt_fields.ts";
import { readPromptLines } from "./prompt_lines.ts";
import { templateOf } from "./prompt_template.ts";
import { checkQuestionSource, findQuestionFile } from "./question_source.ts";
import { fieldsOf, fillTemplate, type Template } from "./template.ts";

/** A prompt, and where it comes from. */
export interface Prompt extends Clusters {
  /** Its line in the file, from 1. */
  readonly line: number;
  /** Its text; undefined where its ids are given. */
  readonly text?: string | undefined;
  /** Its token ids, where they are given. */
  readonly ids?: readonly number[] | undefined;
  /** All fields of its line. */
  readonly fields: Fields;
  /** What each of the label fields says. */
  readonly labels: readonly (Scalar | undefined)[];
}

/** What a file of prompts holds. */
export interface PromptFile {
  /** Its path. */
  readonly path: string;
  /** The SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
  /** The file as it was when it was opened; empty if the prompts came from elsewhere. */
  readonly files: readonly SteadyFile[];
  /** What parts its cells; undefined if it is no table. */
  readonly delimiter: string | undefined;
  /** What would part them if nobody said it; undefined if the file would then be no table. */
  readonly ownDelimiter: string | undefined;
  /** The prompts, in the order of the file. */
  readonly prompts: readonly Prompt[];
  /** How many lines were left out, for want of a label. */
  readonly skipped: number;
}

/**
 * Reads a file of prompts.
 *
 * @param observer Told what the file shows of itself, and how many lines are left out.
 * @throws {InputError} If a line is malformed, or lacks a field; it is named.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readPrompts } from "@coact/coact";
 *
 * const { prompts } = await readPrompts("demo/data/qa_test_id.jsonl", {
 *   template: "{question}",
 *   labelFields: ["rule_name"],
 * });
 * assert.equal(prompts[0]?.labels[0]?.text, "employer");
 * ```
 */
export async function readPrompts(
  path: string,
  fields: PromptFields,
  observer: Observer = SILENT,
): Promise<PromptFile> {
  await findQuestionFile(path);
  using source = await FileSource.open(path);
  const file = SteadyFile.of(source);
  const prompts = await parsePrompts(source, fields, observer);
  file.wasHashed(prompts.sha256);
  return { ...prompts, files: [file] };
}

/**
 * Reads prompts from wherever their bytes are.
 *
 * @throws {InputError} As {@linkcode readPrompts} does.
 */
async function parsePrompts(
  source: ByteSource,
  options: PromptFields,
  observer: Observer = SILENT,
): Promise<PromptFile> {
  const path = source.name;
  await checkQuestionSource(source);
  const template = templateOf(options, observer);
  const { lines, sha256, delimiter, ownDelimiter } = await readPromptLines(
    source,
    options,
    observer,
  );
  const [first] = lines;
  if (first === undefined) throw new InputError(`${path} holds no prompts`);
  checkFields(lines, { path, options, template });
  const labelled = lines.map((line) => ({ line, labels: labelsOf(line, options, path) }));
  const kept = labelled.filter(({ line, labels }) => isKept(labels, { path, line, options }));
  if (kept.length === 0) throw new InputError(`${path}: no line has a label`);
  const skipped = lines.length - kept.length;
  if (skipped > 0) {
    observer.note(
      `${path}: ${skipped} of ${lines.length} lines have no label in ` +
        `${options.labelFields!.join(" or ")} and are left out`,
    );
  }
  const prompts = kept.map(({ line: { line, fields }, labels }) => {
    const where = `${path}:${line}`;
    const content = template === undefined
      ? { ids: idsOfField(fields, options.idsField!, where) }
      : { text: fillTemplate(template, fields, where) };
    return { line, ...content, fields, labels, ...clustersOf(fields, options, where) };
  });
  return { path, sha256, files: [], delimiter, ownDelimiter, prompts, skipped };
}

/** A field that no line has was meant as another; one that some lack is a fault of theirs. */
function checkFields(
  lines: readonly PromptLine[],
  { path, options, template }: {
    path: string;
    options: PromptFields;
    template: Template | undefined;
  },
): void {
  const { idsField, labelFields = [], clusterField } = options;
  const wanted = [idsField, ...fieldsOf(template ?? []), ...labelFields, clusterField]
    .filter((name) => name !== undefined);
  const isDefault = idsField === undefined && options.template === undefined &&
    options.textField === undefined;
  for (const name of wanted) {
    if (lines.some(({ fields }) => fields.get(name) !== undefined)) continue;
    const advice = isDefault && name === "question" ? { kind: "name_fields" } as const : undefined;
    throw new InputError(
      `${path}: no line has the field ${name}; ${listNames(lines[0]!.fields)}`,
      { advice },
    );
  }
}
