/**
 * Why a feature cannot be chosen for a group: the half on which features are chosen lacks it.
 *
 * @module
 */
import { askedQuestions } from "./asked_questions.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";

/**
 * What the choosing half lacks for a group to be told apart.
 *
 * @param groups The group of each question of that half.
 * @returns Undefined if it has questions of the group and of others.
 */
export function lackingHalf(groups: readonly number[], group: number): string | undefined {
  const own = groups.filter((each) => each === group).length;
  if (own === 0) return "the relation has no question in the choosing half";
  return own === groups.length
    ? "no other relation has a question in the choosing half"
    : undefined;
}

/** The group of each question of the choosing half. */
export function choosingGroups(selectivity: Pick<LayerSelectivity, "questions">): number[] {
  const { group, choosing } = askedQuestions(selectivity);
  return [...group].filter((_, i) => choosing[i] === 1);
}
