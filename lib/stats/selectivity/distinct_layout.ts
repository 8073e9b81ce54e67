/**
 * Where everything stands that the walk of `distinct_walk.ts` reads and writes.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";

/** How many whole numbers of 16 bits are in a vector: for each group one, or for each of some persons. */
export const SHORTS = 8;

/** Addresses in bytes. A cell is one question: a person's about a group. */
export interface DistinctLayout {
  /** The sorted questions. */
  readonly questions: number;
  /**
   * What is known of each question, 16 bits: 16 times its person, plus twice its group, plus 1 if it is one of
   * those that choose.
   */
  readonly known: number;
  /** For each group, a row of 16 bits: all bits of the group's number. */
  readonly units: number;
  /** For each person, four rows with a number of 16 bits for each group: {@linkcode ROWS}. */
  readonly persons: number;
  /** For each group, twice how many of its questions have been passed: a row of 16 bits. */
  readonly passed: number;
  /** Twice how many of those that choose have been passed, of 32 bits. */
  readonly choosing: number;
  /** Of questions that are counted: how many there are of each group, a row of 16 bits. */
  readonly counted: number;
  /** Of these, twice how many choose, of 32 bits. */
  readonly countedChoosing: number;
  /** For each group, twice how many are below a question at 0, where a tie counts half: a row of 16 bits. */
  readonly belowZeros: number;
  /** For each eight persons, a number of 16 bits for each: all its bits, if there is that person. */
  readonly masks: number;
  /** The same for each group, if the person's question about it is one of those that choose. */
  readonly choosingMasks: number;
  /** For each cell, twice its question's rank, of 32 bits. */
  readonly cellRanks: number;
  /** For each group, four numbers of 32 bits that add up to twice the sum of its ranks. */
  readonly rankSums: number;
  /** The same for the choosing ones among all that choose. */
  readonly choosingSums: number;
  /** For each group, three times two floats that add up to sums of products. */
  readonly products: number;
  /** How much memory that is. */
  readonly bytes: number;
}

/** How many bytes a person has: as many as a processor fetches at once, since questions come in any order. */
export const PERSON = 64;

/** Where a person's rows begin, in bytes. */
export const ROWS = {
  /** Of all the person's questions, twice how many of each group are below; the question itself counts 1. */
  below: 0,
  /** The same of the question about the group itself. */
  own: 16,
  /** Twice the rank of each question. */
  rank: 32,
  /** The same among those that choose; of any other, anything. */
  choosing: 48,
} as const;

/** Lays out a design. */
export function distinctLayout(
  { questionCount, groupCount, personCount }: SelectivityDesign,
): DistinctLayout {
  let bytes = 0;
  const room = (size: number) => {
    const at = bytes;
    bytes += PERSON * Math.ceil(size / PERSON);
    return at;
  };
  // Persons are gone through eight at a time; past the last one, what is read does not count.
  const blocks = Math.ceil(personCount / SHORTS);
  return {
    questions: room(4 * questionCount),
    known: room(2 * questionCount),
    units: room(16 * groupCount),
    persons: room(PERSON * SHORTS * blocks),
    passed: room(16),
    choosing: room(4),
    counted: room(16),
    countedChoosing: room(4),
    belowZeros: room(16),
    masks: room(16 * blocks),
    choosingMasks: room(16 * groupCount * blocks),
    cellRanks: room(4 * questionCount + 4 * SHORTS),
    rankSums: room(16 * groupCount),
    choosingSums: room(16 * groupCount),
    products: room(48 * groupCount),
    bytes,
  };
}

/** Writes what is known of questions, groups and persons. */
export function writeKnown(
  buffer: ArrayBuffer,
  layout: DistinctLayout,
  { design, isChoosing }: { design: SelectivityDesign; isChoosing: ArrayLike<number> },
): void {
  const { questionCount, groupCount, personCount, groupOf, personOf } = design;
  const blocks = Math.ceil(personCount / SHORTS);
  const known = new Uint16Array(buffer, layout.known, questionCount);
  const choosing = new Int16Array(buffer, layout.choosingMasks, SHORTS * groupCount * blocks);
  for (let question = 0; question < questionCount; question++) {
    const [group, person] = [groupOf[question]!, personOf[question]!];
    const chooses = isChoosing[question] === 1;
    known[question] = 16 * person + 2 * group + Number(chooses);
    const row = groupCount * Math.floor(person / SHORTS) + group;
    choosing[SHORTS * row + person % SHORTS] = -Number(chooses);
  }
  const units = new Int16Array(buffer, layout.units, SHORTS * groupCount);
  for (let group = 0; group < groupCount; group++) units[SHORTS * group + group] = -1;
  new Int16Array(buffer, layout.masks, personCount).fill(-1);
}
