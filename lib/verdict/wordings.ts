/**
 * A feature wording by wording: with few wordings nothing can be said of others, but whether these agree.
 *
 * @module
 */
import { aurocByWording, doWordingsAgree } from "../stats/auroc_by_wording.ts";
import { QUESTION_FIELDS } from "../results/selectivity_files.ts";
import type { Part } from "./questions.ts";
import type { Site } from "./site.ts";

/** A feature wording by wording. */
export interface WordingAurocs {
  /** Each wording of the relation, against all questions of the others; none if they are not known. */
  readonly each: readonly { readonly wording: string; readonly auroc: number | null }[];
  /** Whether all lie on the same side of ½; null with fewer than two. */
  readonly doAgree: boolean | null;
}

/**
 * The AUROC of each wording of a relation.
 *
 * @param values A value for each question of the part.
 */
export function wordingAurocs(
  { found: { record, questions } }: Site,
  values: ArrayLike<number>,
  { part, group }: { part: Part; group: number },
): WordingAurocs {
  const [width, at] = [QUESTION_FIELDS.length, QUESTION_FIELDS.indexOf("wording")];
  const byWording = aurocByWording(Array.from(values), {
    inGroup: part.groups.map((each) => each === group),
    wordings: part.at.map((i) => questions[i * width + at]!),
    names: record.wordings,
  });
  return {
    each: Object.entries(byWording).map(([wording, auroc]) => ({ wording, auroc })),
    doAgree: doWordingsAgree(byWording),
  };
}
