/**
 * Who was asked what: the questions of a run, and parts of them.
 *
 * @module
 */
import { fewerPersons, type Units } from "../stats/estimated_auroc.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { LEAST_OF_EACH } from "../stats/two_way_variance.ts";
import { askedQuestions } from "../results/asked_questions.ts";
import { lackingHalf } from "../results/lacking_half.ts";
import type { LayerSelectivity } from "../results/selectivity_files.ts";
import type { GroupRecord } from "../results/selectivity_record.ts";

/** The questions of a run. */
export interface Questions {
  /** The groups, in the order of their numbers here. */
  readonly groups: readonly GroupRecord[];
  /** The group of each question. */
  readonly groupOf: Int32Array;
  /** The person of each question, from 0; where persons are not known, each question has its own. */
  readonly personOf: Int32Array;
  /** How many persons there are. */
  readonly personCount: number;
  /** Whether persons are known. */
  readonly arePersonsKnown: boolean;
  /** The wording of each question, -1 if it is not known. */
  readonly wordingOf: Int32Array;
  /** How many tokens each prompt has. */
  readonly tokens: Int32Array;
  /** Whether each question is of the half on which features are chosen: 1 or 0. */
  readonly choosing: Int32Array;
}

/** Some of the questions. */
export interface Part {
  /** Their numbers in the run, ascending. */
  readonly at: readonly number[];
  /** The group of each. */
  readonly groups: readonly number[];
  /** The person of each, from 0 without gaps. */
  readonly persons: readonly number[];
  /** How many persons there are among them. */
  readonly personCount: number;
  /** The wording of each, from 0 without gaps, each group's own; null if they are not known. */
  readonly wordings: readonly number[] | null;
  /**
   * Of each group, whether ten persons and ten wordings ask about it, and about the others: then
   * intervals are over both.
   */
  readonly isCrossed: readonly boolean[];
  /** What persons are, where reasons name them. */
  readonly units: Units;
}

/** The questions of a site's selectivity. */
export function questionsOf({ record, questions }: LayerSelectivity): Questions {
  const { group, person, wording, tokens, choosing } = askedQuestions({ questions });
  const arePersonsKnown = record.persons !== null;
  const personOf = arePersonsKnown ? person : person.map((_, i) => i);
  return {
    groups: record.groups,
    groupOf: group,
    personOf,
    personCount: new Set(personOf).size,
    arePersonsKnown,
    wordingOf: wording,
    tokens,
    choosing,
  };
}

/** Those of the questions that are wanted. */
export function partOf(
  { groups, groupOf, personOf, wordingOf, arePersonsKnown }: Questions,
  isWanted: (question: number) => boolean = () => true,
): Part {
  const at = [...groupOf.keys()].filter(isWanted);
  const known = !wordingOf.includes(-1);
  return makePart(at, {
    groups: at.map((i) => groupOf[i]!),
    persons: at.map((i) => personOf[i]!),
    wordings: known ? at.map((i) => wordingOf[i]! * groups.length + groupOf[i]!) : null,
    units: arePersonsKnown ? "persons" : "questions",
  });
}

/** The questions of a part that are about one group, as a part with one group. */
export function ofGroup(part: Part, group: number): Part & { readonly places: readonly number[] } {
  const places = part.groups.flatMap((each, i) => each === group ? [i] : []);
  const own = makePart(places.map((i) => part.at[i]!), {
    groups: places.map(() => 0),
    persons: places.map((i) => part.persons[i]!),
    wordings: part.wordings && places.map((i) => part.wordings![i]!),
    units: part.units,
  });
  return { ...own, places };
}

/** Some questions of a part. */
export function somePart(part: Part, isWanted: (question: number) => boolean): Part {
  const kept = [...part.at.keys()].filter((i) => isWanted(part.at[i]!));
  return makePart(kept.map((i) => part.at[i]!), {
    groups: kept.map((i) => part.groups[i]!),
    persons: kept.map((i) => part.persons[i]!),
    wordings: part.wordings && kept.map((i) => part.wordings![i]!),
    units: part.units,
  });
}

function makePart(
  at: readonly number[],
  { groups, persons, wordings, units }: {
    groups: readonly number[];
    persons: readonly number[];
    wordings: readonly number[] | null;
    units: Units;
  },
): Part {
  const own = numbered(persons);
  const texts = wordings && numbered(wordings);
  const groupCount = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const areMany = (clusters: readonly number[], isWanted: (group: number) => boolean) =>
    new Set(clusters.filter((_, i) => isWanted(groups[i]!))).size >= LEAST_OF_EACH;
  const hasMany = (clusters: readonly number[], group: number) =>
    areMany(clusters, (each) => each === group) &&
    (groupCount === 1 || areMany(clusters, (each) => each !== group));
  return {
    at,
    groups,
    persons: own,
    personCount: new Set(own).size,
    wordings: texts,
    units,
    isCrossed: Array.from(
      { length: groupCount },
      (_, group) => texts !== null && hasMany(own, group) && hasMany(texts, group),
    ),
  };
}

/** Numbers from 0 in the order in which they occur. */
function numbered(names: readonly number[]): number[] {
  const numbers = new Map<number, number>();
  return names.map((name) => numbers.getOrInsert(name, numbers.size));
}

/** Whether intervals of what all groups have to do with are over persons and wordings. */
export function areCrossed({ isCrossed }: Part): boolean {
  return isCrossed.length > 0 && isCrossed.every(Boolean);
}

/** The two halves: features and layers are chosen on one, and estimated on the other. */
export interface Halves {
  /** The half on which is chosen. */
  readonly choosing: Part;
  /** The half on which is estimated. */
  readonly estimating: Part;
}

/** The halves of the questions. */
export function halvesOf(questions: Questions): Halves {
  return {
    choosing: partOf(questions, (i) => questions.choosing[i] === 1),
    estimating: partOf(questions, (i) => questions.choosing[i] === 0),
  };
}

/** Why there is nothing that all relations have to do with: one of them is not asked about in a half. */
export const HALF_LACKS = "a relation has no question in one of the halves";

/** Why nothing is told apart: there is nothing to tell it from. */
export const ONE_GROUP = "there is one group only";

/** Why no free feature was chosen for a group. */
export function noneChosen({ groups }: Part, group: number): string {
  return lackingHalf(groups, group) ?? "no listed free feature is higher for the relation";
}

/** Whether every group has a question in both halves. */
export function haveEveryGroup({ choosing, estimating }: Halves, groupCount: number): boolean {
  return hasEveryGroup(choosing, groupCount) && hasEveryGroup(estimating, groupCount);
}

/** Whether every group has a question in a part. */
export function hasEveryGroup({ groups }: Part, groupCount: number): boolean {
  return new Set(groups).size === groupCount;
}

/** Of how many persons the questions are about the group that has the fewest. */
export function fewestPersons({ groups, persons }: Part, groupCount: number): number {
  const own = Array.from({ length: groupCount }, () => new Set<number>());
  groups.forEach((group, i) => own[group]!.add(persons[i]!));
  return own.reduce((fewest, { size }) => Math.min(fewest, size), Infinity);
}

/** Why there is no interval of a part's questions; undefined if there can be one. */
export function tooFew({ personCount, units }: Part): string | undefined {
  if (personCount >= LEAST_PERSONS) return undefined;
  return fewerPersons(personCount, units);
}
