/**
 * Who was asked what: the questions of a run, and parts of them.
 *
 * @module
 */
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { type LayerSelectivity, QUESTION_FIELDS } from "../results/selectivity_files.ts";
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
}

/** The questions of a site's selectivity. */
export function questionsOf({ record, questions }: LayerSelectivity): Questions {
  const width = QUESTION_FIELDS.length;
  const field = (name: typeof QUESTION_FIELDS[number]) => {
    const k = QUESTION_FIELDS.indexOf(name);
    return questions.filter((_, i) => i % width === k);
  };
  const arePersonsKnown = record.persons !== null;
  const personOf = arePersonsKnown ? field("person") : field("person").map((_, i) => i);
  return {
    groups: record.groups,
    groupOf: field("group"),
    personOf,
    personCount: new Set(personOf).size,
    arePersonsKnown,
    wordingOf: field("wording"),
    tokens: field("tokens"),
    choosing: field("choosing"),
  };
}

/** Those of the questions that are wanted. */
export function partOf(
  { groupOf, personOf }: Questions,
  isWanted: (question: number) => boolean = () => true,
): Part {
  const at = [...groupOf.keys()].filter(isWanted);
  const numbers = new Map<number, number>();
  const persons = at.map((i) => numbers.getOrInsert(personOf[i]!, numbers.size));
  return { at, groups: at.map((i) => groupOf[i]!), persons, personCount: numbers.size };
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

/** Whether every group has a question in a part. */
export function hasEveryGroup({ groups }: Part, groupCount: number): boolean {
  return new Set(groups).size === groupCount;
}

/** Why there is no interval of a part's questions; undefined if there can be one. */
export function tooFew({ personCount }: Part): string | undefined {
  if (personCount >= LEAST_PERSONS) return undefined;
  return `there are ${personCount} persons, fewer than ${LEAST_PERSONS}`;
}
