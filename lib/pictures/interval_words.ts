/**
 * How pictures say what their intervals are over.
 *
 * @module
 */
import type { IntervalKind } from "../results/interval_kind.ts";

/** In a title, after "Bands of 95 %". */
export const BANDS_OVER: Readonly<Record<IntervalKind, string>> = {
  persons: " over Persons",
  questions: " over Questions",
  both: " over Persons and Wordings",
  mixed: "",
  questions_and_wordings: "",
};

/** In a caption. */
export const INTERVALS_HOLD: Readonly<Record<IntervalKind, string>> = {
  persons: "intervals hold for these wordings",
  questions:
    "it is not known whose the questions are: intervals take each as a person's only one, and hold for " +
    "these wordings",
  both: "intervals are over persons and wordings",
  mixed:
    "intervals are over persons and wordings where there are ten of each, in the relation and " +
    "outside; the others are over persons and hold for these wordings",
  questions_and_wordings:
    "it is not known whose the questions are: intervals take each as a person's only one, and are over " +
    "wordings, too, where there are ten; the others hold for these wordings",
};

/** In a caption, after "an interval of the AUROC". */
export const WITHOUT_HALF: Readonly<Record<IntervalKind, string>> = {
  persons: "over persons without ½; it holds for these wordings",
  questions: "over questions, for persons are not known, without ½; it holds for these wordings",
  both: "over persons and wordings without ½",
  mixed:
    "without ½, over persons and wordings where there are ten of each; the others hold for these " +
    "wordings",
  questions_and_wordings:
    "without ½, over questions, for persons are not known, and over wordings where there are ten; the " +
    "others hold for these wordings",
};
