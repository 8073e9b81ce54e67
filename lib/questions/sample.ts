/**
 * Which questions of a file are used: as many of each relation, the first ones.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Question, QuestionFile } from "./question_file.ts";
import type { Relation } from "./relations.ts";

/** Questions in the order of their relations, so that those of one relation are neighbours. */
export interface QuestionSample {
  /** The relations, in the order of the groups. */
  readonly relations: readonly Relation[];
  /** The questions: all of the first relation in file order, then all of the second, … */
  readonly questions: readonly Question[];
  /** How many questions each relation has, in the same order. */
  readonly groupSizes: readonly number[];
}

/**
 * Takes the first `samplesPerRelation` questions of each relation, in file order.
 *
 * @param relationCount How many relations there can be; a question beyond is an error.
 * @throws {InputError} If a relation has too few questions, or a question is of none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listRelations, readQuestions, sampleQuestions } from "@coact/coact";
 *
 * const file = await readQuestions("demo/data/qa_test_id.jsonl");
 * const relations = listRelations(file.relationNames);
 * const relationCount = relations.length;
 * const sample = sampleQuestions(file, { relations, relationCount, samplesPerRelation: 20 });
 * assert.deepEqual(sample.groupSizes, [20, 20, 20, 20, 20, 20]);
 * ```
 */
export function sampleQuestions(
  file: QuestionFile,
  options: {
    relations: readonly Relation[];
    relationCount: number;
    samplesPerRelation: number;
  },
): QuestionSample {
  const { relations, relationCount, samplesPerRelation } = options;
  checkFirstNumber(file, options);
  const groups = new Map(relations.map(({ index }) => [index, [] as Question[]]));
  for (const question of file.questions) {
    if (question.relation >= relationCount) {
      throw new InputError(
        `${file.path}:${question.line}: rule_idx ${question.relation} is outside of the ` +
          `${relationCount} relations (0 to ${relationCount - 1}) that the SAEs have slots for`,
      );
    }
    groups.get(question.relation)?.push(question);
  }
  checkEnough(
    file,
    relations,
    [...groups.values()].map(({ length }) => length),
    samplesPerRelation,
  );
  const taken = [...groups.values()].map((group) => group.slice(0, samplesPerRelation));
  return {
    relations,
    questions: taken.flat(),
    groupSizes: taken.map(({ length }) => length),
  };
}

/**
 * Labels that count from 1 speak of no relation 0: each would be taken for the one after it.
 *
 * @throws {InputError} If the numbers look like it and cannot be used as they are.
 */
function checkFirstNumber(
  { path, questions }: QuestionFile,
  { relations, relationCount }: { relations: readonly Relation[]; relationCount: number },
): void {
  const numbers = new Set(questions.map(({ relation }) => relation));
  const last = Math.max(...numbers);
  if (Math.min(...numbers) !== 1 || last === 1) return;
  const lacksOnlyFirst = numbers.size === relationCount - 1 &&
    relations.some(({ index }) => index === 0);
  if (last < relationCount && !lacksOnlyFirst) return;
  throw new InputError(
    `${path} has rule_idx from 1 to ${last} and no 0, where relations are numbered from 0: if its ` +
      "numbers begin with 1, subtract 1 from each",
    last < relationCount ? { advice: { kind: "leave_out_relation", relation: 0 } } : {},
  );
}

function checkEnough(
  { path }: QuestionFile,
  relations: readonly Relation[],
  counts: readonly number[],
  needed: number,
): void {
  const fewest = Math.min(...counts);
  if (fewest >= needed) return;
  if (fewest === 0) {
    const missing = relations.filter((_, i) => counts[i] === 0).map(({ key }) => key).join(", ");
    throw new InputError(`${path} has no questions about ${missing}`, {
      advice: { kind: "leave_out_relations" },
    });
  }
  const found = relations.map(({ key }, i) => `${key} ${counts[i]}`).join(", ");
  throw new InputError(
    `Not enough QA samples in ${path}: ${needed} a relation are asked for, there are ${found}`,
    { advice: { kind: "fewer_samples", atMost: fewest } },
  );
}
