/**
 * `layer{00}_questions.npy`: which question each row of the slots' activations is of.
 *
 * @module
 */
import { type ArrayArtifact, questionCount } from "../artifact.ts";
import type { LayerRecord } from "../layer_record.ts";

/** The relation's number and the line in the question file of each question. */
export const questions: ArrayArtifact<"i4"> = {
  file: "questions.npy",
  type: "i4",
  shape: (record) => [questionCount(record), 2],
  make: (numbers) =>
    Int32Array.from(numbers.questions.flatMap(({ relation, line }) => [relation, line])),
  problem: problemOf,
};

/** The questions stand relation after relation, as many of each as the record says. */
function problemOf(values: Int32Array, { relations }: LayerRecord): string | undefined {
  let question = 0;
  for (const { index, questions } of relations) {
    for (const end = question + questions; question < end; question++) {
      if (values[2 * question] === index) continue;
      return `has question ${question} ask for relation ${values[2 * question]}, but the layer's ` +
        `record for ${index}`;
    }
  }
  return undefined;
}
