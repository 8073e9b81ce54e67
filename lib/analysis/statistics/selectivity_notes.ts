/**
 * What a reader of a run's statistics has to know, in sentences.
 *
 * @module
 */
import { personBlocks } from "../../stats/person_blocks.ts";
import { selectivityDesign } from "../../stats/selectivity/design.ts";
import { LEAST_PERSONS } from "../../stats/selectivity/selectivity.ts";
import { hasManyWordings, wordingsOfGroups } from "../../stats/selectivity/wording_variances.ts";
import { LEAST_OF_EACH } from "../../stats/two_way_variance.ts";
import { type UnequalAsking, unequalAsking } from "../../stats/unequal_asking.ts";

/** Names, and which of them each question has. */
export interface Numbered {
  /** The number of each question's. */
  readonly of: Int32Array;
  /** The names. */
  readonly names: string[];
}

/** What a reader of the numbers has to know. */
export function notesOn(
  { groups, groupCount, persons, wordings }: {
    groups: Int32Array;
    groupCount: number;
    persons: Numbered | undefined;
    wordings: Numbered | undefined;
  },
): string[] {
  // Where there are no intervals, nothing is said of what they are over.
  if (groupCount === 1) {
    return ["There is one group only: nothing is compared, and AUROC, p and q do not exist."];
  }
  const notes: string[] = [];
  if (persons === undefined) {
    notes.push(
      "Not every question says whom it is about: each counts as a person's only one, and intervals " +
        "and p are too sure if persons have several.",
    );
  } else if (persons.names.length < LEAST_PERSONS) {
    const { length } = persons.names;
    return [
      `There ${
        length === 1 ? "is 1 person" : `are ${length} persons`
      }, fewer than ${LEAST_PERSONS}: there are no intervals, and so no discoveries.`,
    ];
  }
  const design = selectivityDesign(groups, { groupCount, persons: persons?.of });
  const unequal = persons && unequalAsking(personBlocks(groups, persons.of));
  if (unequal !== undefined) notes.push(noteOnUnequal(unequal));
  if (wordings === undefined) {
    notes.push("The wordings of the questions are not known: intervals hold for these wordings.");
    return notes;
  }
  const own = wordingsOfGroups(design, wordings.of);
  const byWording = selectivityDesign(groups, { groupCount, persons: own });
  const isCovered = hasManyWordings(design, byWording);
  const units = persons === undefined ? "questions" : "persons";
  const of = isCovered.every((covered) => !covered)
    ? ""
    : ` of groups with fewer than ${LEAST_OF_EACH} ${units} or wordings`;
  if (isCovered.includes(true)) {
    notes.push(
      `Intervals of groups with ${LEAST_OF_EACH} wordings and ${units} or more, in the group and ` +
        `outside, are over ${units} and wordings.`,
    );
  }
  if (isCovered.includes(false)) {
    // The number is that of the file: those of some groups may be fewer.
    const number = of === "" ? ` (${wordings.names.length})` : "";
    notes.push(
      `Intervals${of} are over ${units} and hold for these wordings${number}: nothing is claimed ` +
        "about others.",
    );
  }
  return notes;
}

/** What unequal blocks make of p, of permuted labels and of permuted lists. */
function noteOnUnequal(unequal: UnequalAsking): string {
  const isWithin = unequal.among === "blocks of a person";
  const who = isWithin
    ? `${
      unequal.persons === 1 ? "1 person has" : `${unequal.persons} persons have`
    } more questions ` +
      "about one group than about another"
    : `Each person is asked about one group only, and has ${
      unequal.questions.map((mean) => mean.toFixed(2)).join(
        " questions on average in one of them and ",
      )
    } in another`;
  const sums = `${who}: p compares sums of ranks, which also say how many questions there are`;
  if (isWithin && !unequal.isOneSided) {
    return `${sums}. No group has more of them, or fewer, than permuted names mostly give it: for rarely active ` +
      "features p is mostly right. It can be too small for a feature that is active more often in persons with " +
      "more questions about one group than in persons with more about another, and such a feature can lie " +
      "beyond permuted labels.";
  }
  return `${sums}, and can be far too ` +
    "small for features that are rarely active, and too small for others. " +
    "To permute the groups' names does not undo that: features that know nothing of the groups can lie beyond " +
    "permuted labels too often, and lists of the strongest can share fewer features than with permuted names, " +
    "or more.";
}
