/**
 * What a reader of a run's statistics has to know, in sentences.
 *
 * @module
 */
import { type SelectivityDesign, selectivityDesign } from "../../stats/selectivity/design.ts";
import { LEAST_PERSONS } from "../../stats/selectivity/selectivity.ts";
import { hasManyWordings, wordingsOfGroups } from "../../stats/selectivity/wording_variances.ts";
import { LEAST_OF_EACH } from "../../stats/two_way_variance.ts";

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
  const unequal = persons === undefined ? 0 : askedUnequally(design);
  if (unequal > 0) {
    const who = unequal === 1 ? "1 person has" : `${unequal} persons have`;
    notes.push(
      `${who} more questions about one group than ` +
        "about another: p compares sums of ranks, which also say how many questions there are, and can be " +
        "far too small for features that are rarely active.",
    );
  }
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

/** How many persons have other numbers of questions about some of the groups that they are asked about. */
function askedUnequally({ counts, groupCount, personCount }: SelectivityDesign): number {
  return Array.from({ length: personCount }, (_, person) => {
    const own = Array.from(
      { length: groupCount },
      (_, group) => counts[group * personCount + person]!,
    );
    return new Set(own.filter((count) => count > 0)).size > 1;
  }).filter(Boolean).length;
}
