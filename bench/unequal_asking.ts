/**
 * Who is asked how often about what, equally and unequally, and features that know nothing of the groups.
 *
 * @module
 */
import type { SeededRandom } from "../lib/stats/seeded_random.ts";

/** Persons who are asked alike. */
interface Persons {
  /** How many they are. */
  readonly count: number;
  /** How many questions each has about each group. */
  readonly questions: readonly number[];
  /** How many times as often as others they have a feature active. Default: 1. */
  readonly activity?: number;
}

/** Who is asked what. */
export type Asking = readonly Persons[];

/** Whose each question is, and about which group. */
export interface Asked {
  /** The group of each question. */
  readonly groups: readonly number[];
  /** Whose each question is. */
  readonly persons: readonly number[];
  /** How many times as often as others a feature is active for each question. */
  readonly activity: readonly number[];
}

/** `2, 1`, or `2, 1 × 5` where five groups have as many. */
function countsOf(questions: readonly number[]): string {
  const [first, second] = questions;
  return questions.length > 2 && questions.slice(1).every((count) => count === second)
    ? `${first}, ${second} × ${questions.length - 1}`
    : questions.join(", ");
}

/** Who is asked what, in a cell of a table: `40 (2, 1), 80 (2, 0)`. */
export function cellOfAsking(asking: Asking): string {
  return asking.map(({ count, questions, activity = 1 }) =>
    `${count} (${countsOf(questions)})${activity === 1 ? "" : `, active × ${activity}`}`
  ).join("; ");
}

/** The questions, person by person. */
export function questionsOf(asking: Asking): Asked {
  const alike = asking.flatMap(({ count, questions, activity = 1 }) =>
    Array.from({ length: count }, () => ({ questions, activity }))
  );
  const each = alike.flatMap(({ questions, activity }, person) =>
    questions.flatMap((count, group) =>
      Array.from({ length: count }, () => ({ person, group, activity }))
    )
  );
  return {
    groups: each.map(({ group }) => group),
    persons: each.map(({ person }) => person),
    activity: each.map(({ activity }) => activity),
  };
}

/** A number from 0 to 1, neither of them. */
export function uniform(random: SeededRandom): number {
  return (random.next() + 0.5) / 2 ** 32;
}

/** The activations of a feature that is active in a share of questions, whatever they are about. */
export function activationsOf(
  { activity }: Asked,
  active: number,
  random: SeededRandom,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    activity,
    (own) => uniform(random) < own * active ? -Math.log(uniform(random)) : 0,
  );
}

/** A share in a cell of a table. */
export function percentOf(found: number, all: number): string {
  return `${(100 * found / all).toFixed(1)} %`;
}
