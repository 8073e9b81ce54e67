/**
 * What lists of the strongest features share and what they share with permuted names, where persons have more
 * questions about one group than about another and no feature knows anything of the groups.
 *
 * @module
 */
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import { listOf } from "../lib/verdict/lists.ts";
import { permutedOverlaps } from "../lib/verdict/permuted_lists.ts";
import type { Table } from "./table.ts";
import {
  activationsOf,
  type Asked,
  type Asking,
  cellOfAsking,
  questionsOf,
  uniform,
} from "./unequal_asking.ts";

/** How many features there are, and how many of them are on a list. */
const FEATURES = { all: 100, listed: 20 } as const;
/** The share of questions for which a feature is active lies between half of it and one and a half. */
const ACTIVE = 0.1;

/** All of two groups. */
const ASKED: readonly Asking[] = [
  [{ count: 120, questions: [1, 1] }],
  [{ count: 120, questions: [2, 1] }],
  [{ count: 120, questions: [10, 1] }],
  [{ count: 40, questions: [2, 1] }, { count: 80, questions: [2, 0] }],
  [{ count: 120, questions: [2, 0] }, { count: 120, questions: [0, 1] }],
  [{ count: 20, questions: [10, 0] }, { count: 200, questions: [0, 1] }],
  [{ count: 200, questions: [10, 0] }, { count: 20, questions: [0, 1] }],
  [{ count: 60, questions: [10, 1] }, { count: 60, questions: [1, 10] }],
  [
    { count: 60, questions: [10, 1], activity: 1.5 },
    { count: 60, questions: [1, 10], activity: 0.5 },
  ],
];

/**
 * Draws pairs of lists.
 *
 * @param options How many pairs there are.
 */
export function unequalLists({ runs = 40 }: { runs?: number } = {}): Table {
  return {
    title: "Permuted lists where persons have more questions about one group than about another",
    columns: [
      "persons (questions about each group)",
      "shared",
      "with permuted names",
      "lists that share fewer than 95 % of permutations",
      "more",
    ],
    rows: ASKED.map((asking, row) => rowOf(asking, { runs, random: new SeededRandom(1 + row) })),
    notes: [
      `${runs} pairs of lists each, of the ${FEATURES.listed} strongest of ${FEATURES.all} features that know ` +
      `nothing of the groups and are active in ${50 * ACTIVE} to ${150 * ACTIVE} % of questions.`,
    ],
  };
}

function rowOf(
  asking: Asking,
  { runs, random }: { runs: number; random: SeededRandom },
): string[] {
  const asked = questionsOf(asking);
  const part = { ...asked, at: [...asked.groups.keys()] };
  const questions = { arePersonsKnown: true, groups: { length: 2 } };
  const features = Array.from({ length: FEATURES.all }, (_, feature) => feature);
  let [shared, permuted, fewer, more] = [0, 0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const activations = featuresOf(asked, random);
    const found = permutedOverlaps(
      { record: { lists: { too_many: false } }, lists: { features, activations } },
      questions,
      { part, length: FEATURES.listed },
    )!;
    const own = sharedBy(asked, activations);
    shared += own / runs;
    permuted += found.mean / runs;
    fewer += Number(own < found.low);
    more += Number(own > found.high);
  }
  return [
    cellOfAsking(asking),
    shared.toFixed(1),
    permuted.toFixed(1),
    `${fewer} of ${runs}`,
    `${more} of ${runs}`,
  ];
}

/** The activations of all features, `[features, questions]`; some are stronger than others. */
function featuresOf(asked: Asked, random: SeededRandom): Float32Array<ArrayBuffer> {
  const count = asked.groups.length;
  const activations = new Float32Array(FEATURES.all * count);
  for (let feature = 0; feature < FEATURES.all; feature++) {
    const scale = 0.5 + uniform(random);
    const active = ACTIVE * (0.5 + uniform(random));
    const own = activationsOf(asked, active, random).map((value) => scale * value);
    activations.set(own, feature * count);
  }
  return activations;
}

/** How many features the lists of both groups share. */
function sharedBy({ groups }: Asked, activations: Float32Array): number {
  const [first, second] = [0, 1].map((group) => {
    const at = groups.flatMap((own, question) => own === group ? [question] : []);
    const means = Array.from(
      { length: FEATURES.all },
      (_, feature) =>
        at.reduce((sum, i) => sum + activations[feature * groups.length + i]!, 0) / at.length,
    );
    return new Set(listOf(means, FEATURES.listed));
  });
  return first!.intersection(second!).size;
}
