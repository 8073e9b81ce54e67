/**
 * Who is asked what: which questions are about which group, and whose they are.
 *
 * @module
 */

/** A group and a person of each question, counted. A cell is a person's questions about a group. */
export interface SelectivityDesign {
  /** How many questions there are. */
  readonly questionCount: number;
  /** How many groups there are. */
  readonly groupCount: number;
  /** The persons' numbers are below this; as many as questions if none are known. */
  readonly personCount: number;
  /** How many persons have a question. */
  readonly askedCount: number;
  /** The group of each question. */
  readonly groupOf: Int32Array<ArrayBuffer>;
  /** Whose each question is. */
  readonly personOf: Int32Array<ArrayBuffer>;
  /** The cell of each question: its group times the number of persons, plus its person. */
  readonly cellOf: Int32Array<ArrayBuffer>;
  /** How many questions each cell has. */
  readonly counts: Int32Array<ArrayBuffer>;
  /** How many questions each person has. */
  readonly personSizes: Int32Array<ArrayBuffer>;
  /** How many questions each group has. */
  readonly groupSizes: Int32Array<ArrayBuffer>;
  /** How many persons have a question in each group. */
  readonly personsIn: Int32Array<ArrayBuffer>;
  /** How many persons have a question outside of each group. */
  readonly personsOut: Int32Array<ArrayBuffer>;
  /** Whether groups' names can be permuted within persons: whether one has questions in two. */
  readonly isWithinPersons: boolean;
  /** Whether nobody has more than one question. */
  readonly isSingle: boolean;
  /** Whether no cell has more than one question. */
  readonly isOnce: boolean;
  /** Whether all cells have as many questions. */
  readonly isBalanced: boolean;
  /** Whether each person's cells that hold questions hold as many. */
  readonly isUniform: boolean;
  /** Whether every person has questions in every group. */
  readonly isComplete: boolean;
  /** Where neighbouring questions stop being of one group: the end of each run of them. */
  readonly runEnds: Int32Array<ArrayBuffer>;
}

/**
 * Counts who is asked what.
 *
 * @param groups The group of each question, from 0.
 * @param options How many groups there are (as many as occur, by default), and whose each question
 * is, from 0. Default: each question is a person's only one.
 */
export function selectivityDesign(
  groups: ArrayLike<number>,
  { groupCount = greatest(groups) + 1, persons }: {
    groupCount?: number;
    persons?: ArrayLike<number> | undefined;
  } = {},
): SelectivityDesign {
  const questionCount = groups.length;
  const personCount = persons === undefined ? questionCount : greatest(persons) + 1;
  const groupOf = Int32Array.from(groups);
  const personOf = persons === undefined ? groupOf.map((_, i) => i) : Int32Array.from(persons);
  const cellOf = groupOf.map((group, question) => group * personCount + personOf[question]!);
  const counts = new Int32Array(personCount * groupCount);
  for (const cell of cellOf) counts[cell]!++;
  const personSizes = new Int32Array(personCount);
  const groupSizes = new Int32Array(groupCount);
  const personsIn = new Int32Array(groupCount);
  const lacking = new Int32Array(groupCount); // persons with questions in this group alone
  let [isWithinPersons, isUniform, asked] = [false, true, 0];
  for (let person = 0; person < personCount; person++) {
    const own = groupSizes.map((_, group) => counts[group * personCount + person]!);
    const held = own.filter((count) => count > 0);
    if (held.length === 0) continue;
    asked++;
    isWithinPersons ||= held.length > 1;
    isUniform &&= held.every((count) => count === held[0]);
    own.forEach((count, group) => {
      personSizes[person]! += count;
      groupSizes[group]! += count;
      if (count > 0) personsIn[group]!++;
      if (count > 0 && held.length === 1) lacking[group]!++;
    });
  }
  return {
    questionCount,
    groupCount,
    personCount,
    askedCount: asked,
    groupOf,
    personOf,
    cellOf,
    counts,
    personSizes,
    groupSizes,
    personsIn,
    personsOut: lacking.map((count) => asked - count),
    isWithinPersons,
    isSingle: asked === questionCount,
    isOnce: counts.every((count) => count <= 1),
    isBalanced: counts.every((count) => count > 0 && count === counts[0]),
    isUniform,
    isComplete: counts.every((count) => count > 0),
    runEnds: Int32Array.from(groupOf.keys()).map((question) => question + 1)
      .filter((end) => end === questionCount || groupOf[end] !== groupOf[end - 1]),
  };
}

function greatest(numbers: ArrayLike<number>): number {
  let most = -1;
  for (let i = 0; i < numbers.length; i++) most = Math.max(most, numbers[i]!);
  return most;
}
