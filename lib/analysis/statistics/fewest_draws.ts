/**
 * Of how many independent draws the smallest group is made when the groups' names are permuted.
 *
 * @module
 */
import type { QuestionSample } from "../../questions/sample.ts";

/**
 * The number of blocks of the smallest group: a person's questions about one group go together, and may
 * all have one activation. Blocks of unequal sizes count as fewer (Kish 1965). Where persons are not known
 * of all questions, each question is a block.
 */
export function fewestDraws(
  { questions, groupSizes }: Pick<QuestionSample, "groupSizes"> & {
    readonly questions: readonly { readonly person?: string | undefined }[];
  },
): number {
  if (questions.some(({ person }) => person === undefined)) return Math.min(...groupSizes);
  let next = 0;
  const blocks = groupSizes.map((size) => {
    const sizes = new Map<string, number>();
    for (const { person } of questions.slice(next, next += size)) {
      sizes.set(person!, (sizes.get(person!) ?? 0) + 1);
    }
    return [...sizes.values()];
  });
  const all = blocks.flat();
  const squares = all.reduce((sum, size) => sum + size * size, 0);
  const unequal = all.length * squares / questions.length ** 2; // 1 if all are of one size
  return Math.min(...blocks.map(({ length }) => length)) / unequal;
}
