/**
 * Whether intervals over persons and wordings keep their word, of AUROCs and of differences between two
 * runs, where wordings matter and where they do not.
 *
 * @module
 */
import {
  clusterCorrelation,
  clusterInfluences,
  differenceInterval,
  estimateAuroc,
  personInfluences,
} from "../mod.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import type { Interval } from "../lib/stats/wilson.ts";
import type { Table } from "./table.ts";

/** How many draws there are of each law. */
const DRAWS = 2000;
/** How many persons are asked, each one question of the group and one of the others. */
export const PERSONS = 40;
/** How far the mean activation of the group is from that of the others, in the one run and in the other. */
const SHIFTS = [1, 0.5] as const;
/** Φ(shift/√(2(1 + τ²))) for the shifts and standard deviations τ of wordings below, by SciPy. */
export const TRUTHS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0, [0.7602499389065233, 0.6381631950841185]],
  [0.3, [0.7508875732908306, 0.6325605559392256]],
  [0.5, [0.736455371567231, 0.6240851829770754]],
]);

/** Draws two runs again and again. */
export function crossedCalibration(): Table {
  const rows = [];
  for (const wordings of [10, 20]) {
    for (const [deviation, truth] of TRUTHS) {
      rows.push(coverageOf(wordings, deviation, truth));
    }
  }
  return {
    title: "Coverage over persons and wordings",
    columns: [
      "wordings",
      "sd of wordings",
      "AUROC, over persons",
      "AUROC, over both",
      "difference, over persons",
      "difference, over both",
    ],
    rows,
    notes: [
      `${DRAWS} draws each of ${PERSONS} persons with a question in the group and one outside; the ` +
      "deviation of a question is 1. Two runs of the same questions; half of what wordings do is common to both.",
    ],
  };
}

/** Draws from the normal law, from a seed. */
export function normals(seed: number): () => number {
  const random = new SeededRandom(seed);
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** The questions' numbers, and of each whose it is, whether it is in the group, and its wording. */
export interface CrossedQuestions {
  /** From 0, two of each person. */
  readonly at: readonly number[];
  /** Whose each is. */
  readonly persons: readonly number[];
  /** Whether each is in the group. */
  readonly inGroup: readonly boolean[];
  /** The wording of each; those of the group are others than those outside. */
  readonly wordings: readonly number[];
}

/** Who is asked what, in so many wordings in the group and as many outside. */
export function askedIn(count: number): CrossedQuestions {
  const at = Array.from({ length: 2 * PERSONS }, (_, i) => i);
  const persons = at.map((i) => i >> 1);
  const inGroup = at.map((i) => i % 2 === 0);
  const wordings = at.map((i) =>
    inGroup[i] ? persons[i]! % count : count + (7 * persons[i]! + 3) % count
  );
  return { at, persons, inGroup, wordings };
}

function coverageOf(
  count: number,
  deviation: number,
  truth: readonly [number, number],
): string[] {
  const normal = normals(count + Math.round(100 * deviation));
  const { at, persons, inGroup, wordings } = askedIn(count);
  const effects = () => Array.from({ length: 2 * count }, normal);
  const difference = truth[1] - truth[0];
  const held = [0, 0, 0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    const [common, shared] = [at.map(normal), effects()];
    const runs = SHIFTS.map((shift) => {
      const own = effects();
      return at.map((i) =>
        Math.SQRT1_2 * (common[i]! + normal()) +
        deviation * Math.SQRT1_2 * (shared[wordings[i]!]! + own[wordings[i]!]!) +
        (inGroup[i] ? shift : 0)
      );
    });
    [undefined, wordings].forEach((known, over) => {
      const sides = runs.map((values) => ({
        estimated: estimateAuroc(values, { inGroup, persons, wordings: known }),
        influences: clusterInfluences(
          personInfluences(values, { inGroup, persons: at }),
          (i) => ({ person: String(persons[i]), wording: known ? String(known[i]) : null }),
        ),
      }));
      const [first, second] = sides.map(({ estimated: { auroc, interval } }) => ({
        estimate: auroc!,
        interval: interval!,
      }));
      const correlation = clusterCorrelation(sides[0]!.influences, sides[1]!.influences);
      const holds = ([low, high]: Interval, value: number) => Number(low <= value && value <= high);
      held[over]! += holds(first!.interval, truth[0]);
      held[2 + over]! += holds(differenceInterval(first!, second!, correlation), difference);
    });
  }
  return [
    String(count),
    String(deviation),
    ...held.map((each) => `${(100 * each / DRAWS).toFixed(1)} %`),
  ];
}
