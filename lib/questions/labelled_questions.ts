/**
 * Prompts as the questions of an analysis, whose relations are the labels of a field, or AlignSAE's.
 *
 * @module
 */
import { type Observer, SILENT } from "../base/observer.ts";
import { InputError } from "../base/errors.ts";
import { scalarOf } from "./fields.ts";
import type { Grouping } from "./labels.ts";
import type { Prompt, PromptFile } from "./prompt_file.ts";
import type { Question, QuestionFile } from "./question_file.ts";
import { addRelationName, checkRelation } from "./question_line.ts";
import type { Relation } from "./relations.ts";
import type { QuestionSample } from "./sample.ts";

/** Questions by AlignSAE's fields `rule_idx` and `rule_name`, whatever their prompts are made of. */
export function questionsByRule(file: PromptFile): QuestionFile {
  const relationNames = new Map<number, string | undefined>();
  const questions = file.prompts.map((prompt): Question => {
    const where = `${file.path}:${prompt.line}`;
    const number = scalarOf(prompt.fields.get("rule_idx"), `${where}: rule_idx`);
    if (number === undefined) {
      throw new InputError(`${where}: rule_idx is missing`, { advice: { kind: "name_fields" } });
    }
    const isWhole = number.kind !== "boolean" && /^\d+$/.test(number.text);
    const name = scalarOf(prompt.fields.get("rule_name"), `${where}: rule_name`)?.text;
    const relation = checkRelation(
      { rule_idx: isWhole ? Number(number.text) : number.text, rule_name: name || undefined },
      where,
    );
    addRelationName(relationNames, relation, where);
    return questionOf(prompt, relation.rule_idx);
  });
  return { ...fileOf(file), questions, relationNames };
}

/** Questions by the labels of a field; those without one are left out. */
export function questionsByLabel(file: PromptFile, { groups, groupOf }: Grouping): QuestionFile {
  return {
    ...fileOf(file),
    questions: file.prompts.flatMap((prompt, i) => {
      const group = groupOf[i];
      return group === undefined ? [] : [questionOf(prompt, group)];
    }),
    relationNames: new Map(groups.map(({ index, key }) => [index, key])),
  };
}

function fileOf(
  { path, sha256, files, ownDelimiter }: PromptFile,
): Pick<QuestionFile, "path" | "sha256" | "files" | "ownDelimiter"> {
  return { path, sha256, files, ownDelimiter };
}

function questionOf(prompt: Prompt, relation: number): Question {
  const { line, text = "", person, wording } = prompt;
  return {
    line,
    relation,
    text,
    prompt,
    ...(person !== undefined && { person }),
    ...(wording !== undefined && { template: wording }),
  };
}

/**
 * Takes the first questions of each group, in the order of the file.
 *
 * @param most How many of each. Default: all there are.
 * @param observer Told of groups with fewer than that.
 */
export function sampleLabelled(
  { path, questions }: QuestionFile,
  relations: readonly Relation[],
  most: number = Infinity,
  observer: Observer = SILENT,
): QuestionSample {
  const groups = relations.map(({ index }) =>
    questions.filter(({ relation }) => relation === index)
  );
  const few = relations.flatMap(({ label }, i) => {
    const { length } = groups[i]!;
    return most !== Infinity && length < most ? [`${label} ${length}`] : [];
  });
  if (few.length > 0) {
    observer.note(
      `${path}: ${most} of each group were asked for, and some have fewer: ${few.join(", ")}`,
    );
  }
  const taken = groups.map((group) => group.slice(0, most));
  return { relations, questions: taken.flat(), groupSizes: taken.map(({ length }) => length) };
}
