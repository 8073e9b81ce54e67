/**
 * Who was asked what, field by field.
 *
 * @module
 */
import { type LayerSelectivity, QUESTION_FIELDS } from "./selectivity_files.ts";

/** For each field one number a question, `[questions]`; -1 where a person or a wording is not known. */
export type AskedQuestions = Readonly<Record<typeof QUESTION_FIELDS[number], Int32Array>>;

/** The fields of a site's questions. */
export function askedQuestions({ questions }: Pick<LayerSelectivity, "questions">): AskedQuestions {
  const width = QUESTION_FIELDS.length;
  const fields = QUESTION_FIELDS.map((field, k) => {
    const column = new Int32Array(questions.length / width);
    for (let i = 0; i < column.length; i++) column[i] = questions[i * width + k]!;
    return [field, column] as const;
  });
  return Object.fromEntries(fields) as AskedQuestions;
}
