import assert from "node:assert/strict";
import type { QuestionFile } from "../../lib/questions/question_file.ts";
import { makeRelation } from "../../lib/questions/relations.ts";
import { sampleQuestions } from "../../lib/questions/sample.ts";
import { inputError } from "../support/input_errors.ts";

const BIRTH_DATE = makeRelation(0, "birth_date");
const BIRTH_CITY = makeRelation(1, "birth_city");
const MAJOR = makeRelation(3, "major");

Deno.test("sampleQuestions() takes the first of each relation in file order", () => {
  const file = questionFile([1, 0, 1, 0, 1, 0]);
  const sample = sampleQuestions(file, {
    relations: [BIRTH_DATE, BIRTH_CITY],
    relationCount: 2,
    samplesPerRelation: 2,
  });
  assert.deepEqual(sample.questions.map(({ line }) => line), [2, 4, 1, 3]);
  assert.deepEqual(sample.groupSizes, [2, 2]);
  assert.deepEqual(sample.relations, [BIRTH_DATE, BIRTH_CITY]);
});

Deno.test("sampleQuestions() passes over relations that are not asked for", () => {
  const sample = sampleQuestions(questionFile([3, 1, 0, 3]), {
    relations: [BIRTH_CITY, MAJOR],
    relationCount: 4,
    samplesPerRelation: 1,
  });
  assert.deepEqual(sample.questions.map(({ line }) => line), [2, 1]);
});

Deno.test("sampleQuestions() counts what there is and says which number would work", () => {
  assert.throws(
    () =>
      sampleQuestions(questionFile([0, 1, 0, 1, 0]), {
        relations: [BIRTH_DATE, BIRTH_CITY],
        relationCount: 2,
        samplesPerRelation: 3,
      }),
    inputError(
      "Not enough QA samples in qa.jsonl: 3 a relation are asked for, there are birth_date 3, " +
        "birth_city 2; use --samples_per_relation 2",
    ),
  );
});

Deno.test("sampleQuestions() names the relations without a question", () => {
  assert.throws(
    () =>
      sampleQuestions(questionFile([1]), {
        relations: [BIRTH_DATE, BIRTH_CITY, MAJOR],
        relationCount: 4,
        samplesPerRelation: 1,
      }),
    inputError(
      "qa.jsonl has no questions about birth_date, major; leave it out by naming the others in " +
        "--relations",
    ),
  );
});

for (const relationCount of [6, 7]) {
  Deno.test(`sampleQuestions() explains labels from 1 to 6 of ${relationCount} relations`, () => {
    const relations = Array.from({ length: relationCount }, (_, i) => makeRelation(i));
    assert.throws(
      () =>
        sampleQuestions(questionFile([1, 2, 3, 4, 5, 6]), {
          relations,
          relationCount,
          samplesPerRelation: 1,
        }),
      inputError(
        "qa.jsonl has rule_idx from 1 to 6 and no 0, where relations are numbered from 0: if its " +
          "numbers begin with 1, subtract 1 from each" +
          (relationCount === 6 ? "" : "; if they are right, leave relation 0 out with --relations"),
      ),
    );
  });
}

Deno.test("sampleQuestions() takes labels from 1 where relation 0 is not asked for", () => {
  const relations = [1, 2].map((index) => makeRelation(index));
  const options = { relations, relationCount: 3, samplesPerRelation: 1 };
  assert.deepEqual(sampleQuestions(questionFile([1, 2]), options).groupSizes, [1, 1]);
});

Deno.test("sampleQuestions() refuses a question of a relation beyond the slots", () => {
  assert.throws(
    () =>
      sampleQuestions(questionFile([0, 2]), {
        relations: [BIRTH_DATE],
        relationCount: 2,
        samplesPerRelation: 1,
      }),
    inputError(
      "qa.jsonl:2: rule_idx 2 is outside of the 2 relations (0 to 1) that the SAEs have slots for",
    ),
  );
});

/** A file with one question a line, given by their relations. */
function questionFile(relations: readonly number[]): QuestionFile {
  return {
    path: "qa.jsonl",
    sha256: "00".repeat(32),
    files: [],
    questions: relations.map((relation, i) => ({ line: i + 1, relation, text: "A?" })),
    relationNames: new Map(),
  };
}
