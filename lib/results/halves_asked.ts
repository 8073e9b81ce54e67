/**
 * How many persons features are chosen on and estimated on, where only some groups are compared.
 *
 * @module
 */
import { askedQuestions } from "./asked_questions.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";
import type { SelectivityRecord } from "./selectivity_record.ts";

/** How many persons of each half are asked about some groups; questions, where persons are not known. */
export function halvesAsked(
  { questions, record: { persons } }: LayerSelectivity,
  groups: readonly number[],
): Pick<SelectivityRecord["halves"], "choosing" | "estimating"> {
  const { group, choosing, person } = askedQuestions({ questions });
  const countOf = (half: 0 | 1) => {
    const own = [...group.keys()].filter((i) => groups.includes(group[i]!) && choosing[i] === half);
    return new Set(own.map((i) => persons === null ? i : person[i]!)).size;
  };
  return { choosing: countOf(1), estimating: countOf(0) };
}
