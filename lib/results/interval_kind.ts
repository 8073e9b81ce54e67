/**
 * What the intervals of a table or of a picture are over, taken together.
 *
 * @module
 */
import { selectivityDesign } from "../stats/selectivity/design.ts";
import { hasManyWordings, wordingsOfGroups } from "../stats/selectivity/wording_variances.ts";
import { LEAST_OF_EACH } from "../stats/two_way_variance.ts";
import type { Interval } from "../stats/wilson.ts";
import { askedQuestions } from "./asked_questions.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";

/**
 * Persons alone, persons and wordings (`both`), or the one here and the other there (`mixed`). Where it is not
 * known whose questions are: questions alone, or also wordings, where there are ten (`questions_and_wordings`).
 */
export type IntervalKind = "persons" | "questions" | "both" | "mixed" | "questions_and_wordings";

/** What intervals are over, from whether each is over persons and wordings. */
function intervalKind(areCrossed: readonly boolean[], arePersonsKnown: boolean): IntervalKind {
  if (!areCrossed.includes(true)) return arePersonsKnown ? "persons" : "questions";
  if (!arePersonsKnown) return "questions_and_wordings";
  return areCrossed.includes(false) ? "mixed" : "both";
}

/** What the intervals of estimates are over; those that have none do not count. */
export function kindOfEstimates(
  estimates: readonly { readonly interval: Interval | null; readonly isCrossed: boolean }[],
  arePersonsKnown: boolean,
): IntervalKind {
  return intervalKind(
    estimates.flatMap(({ interval, isCrossed }) => interval === null ? [] : [isCrossed]),
    arePersonsKnown,
  );
}

/** What the intervals of a layer's table are over: its groups have ten persons and wordings, or not. */
export function kindOfTable(
  { record: { groups, persons, wordings }, questions }: Pick<
    LayerSelectivity,
    "record" | "questions"
  >,
): IntervalKind {
  // No group has more wordings than there are.
  if (wordings === null || wordings.length < LEAST_OF_EACH) {
    return intervalKind([], persons !== null);
  }
  const { group, person, wording } = askedQuestions({ questions });
  const design = selectivityDesign(group, {
    groupCount: groups.length,
    persons: persons === null ? undefined : person,
  });
  const byWording = selectivityDesign(group, {
    groupCount: groups.length,
    persons: wordingsOfGroups(design, wording),
  });
  return intervalKind(hasManyWordings(design, byWording), persons !== null);
}
