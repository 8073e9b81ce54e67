/**
 * What a reader has to know before the answers: who was asked what, and what brackets hold.
 *
 * @module
 */
import { whereNote } from "../../results/where_read.ts";
import type { Verdict } from "../verdict.ts";
import { count, layersListed } from "./numbers.ts";
import type { Section } from "../section.ts";

/** The section on what was measured. */
export function introduction({ asked, sites, length, notes, position }: Verdict): Section {
  const { wordings } = asked;
  const said = wordings === null
    ? "in wordings that are not known"
    : `in ${
      wordings.least === wordings.most
        ? count(wordings.least, "wording")
        : `${wordings.least} to ${wordings.most} wordings`
    } of each relation`;
  const names = sites.map(({ name }) => name);
  const who = asked.persons === null ? "question" : "person";
  const where = whereNote(position);
  return {
    heading: "What was measured",
    sentences: [
      `${count(asked.questions, "question")} about ${
        asked.persons === null ? "" : `${count(asked.persons, "person")} and `
      }${count(length.length, "relation")} ${
        asked.questions === 1 ? "was" : "were"
      } asked ${said}, at ${layersListed(names)}.` +
      (length.length > 1 ? " Every relation is compared with all others together." : ""),
      ...(where === undefined ? [] : [where]),
      `${
        ofIntervals(asked.crossed, length.length, who)
      } A dash in their place means that there is none; ` +
      "verdict.json says why.",
      "Of twenty such intervals, one on average does not hold the truth. Where numbers are picked out as the " +
      "greatest, the least or the first of several on the same questions, luck has a part in the choice, and " +
      "of their intervals more do not.",
      ...ofCoverage(asked),
      `Features and layers are chosen on ${
        count(asked.choosing, who)
      } (the choosing half) and estimated ` +
      `on the other ${asked.estimating} (the estimating half).`,
      ...ofSameWordings(asked.crossed),
      ...notes.filter((note) => !note.startsWith("Intervals")),
    ],
    tables: [],
  };
}

/** What intervals are over, by how many of the relations have ten persons and ten wordings. */
function ofIntervals(crossed: number, relations: number, who: string): string {
  if (crossed === relations) {
    return `Square brackets hold 95 % intervals over ${who}s and wordings, each for itself.`;
  }
  const persons =
    `Square brackets hold 95 % intervals over ${who}s, each for itself; they hold for ` +
    "these wordings, and nothing is claimed about others.";
  if (crossed === 0) return persons;
  return `${persons} Those of single AUROCs of the ${
    count(crossed, "relation")
  } with ten persons and ` +
    "ten wordings or more, in the relation and outside, are over both.";
}

/** Halves are of persons: each wording is in both. */
function ofSameWordings(crossed: number): string[] {
  if (crossed === 0) return [];
  return [
    "Both halves have the same wordings: what is chosen may owe something to them, of which intervals over " +
    "wordings do not know. Where wordings matter much, only the probes on wordings that were kept back are free " +
    "of that, and the slots, which are not chosen.",
  ];
}

/** From so many persons on, intervals hold what they promise. */
const MANY_PERSONS = 200;

function ofCoverage({ persons, estimating }: Verdict["asked"]): string[] {
  const near =
    "From an AUROC of 0.998 on, where single questions decide, they may hold the truth in far fewer than 95 % of " +
    "cases (of simulated features, in 30 to 93 %): where they do not, the AUROC is mostly too high.";
  if (persons === null || estimating >= MANY_PERSONS) return [near];
  return [
    `Of ${count(persons, "person")}, ${estimating} ${
      estimating === 1 ? "is" : "are"
    } in the estimating half. Below ${MANY_PERSONS}, ` +
    `intervals of features that are rarely active may hold the truth in less than 95 % of cases. ${near}`,
  ];
}
