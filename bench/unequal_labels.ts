/**
 * How often a feature that knows nothing of the groups comes farther than with permuted labels, where persons
 * have more questions about one group than about another.
 *
 * @module
 */
import { blockScores, maxT, permutedGroups } from "../mod.ts";
import { personsActive } from "../lib/stats/persons_active.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import { blocksOf, LEAST_ACTIVE } from "../lib/verdict/label_null.ts";
import type { Table } from "./table.ts";
import { activationsOf, type Asking, cellOfAsking, questionsOf } from "./unequal_asking.ts";

/** How many features a run has. */
const FEATURES = 40;
const ACTIVE = [0.03, 0.5] as const;
/** How often labels are permuted. */
const PERMUTATIONS = 199;
/** A feature passes at this p. */
const LEVEL = 0.05;

const ASKED: readonly Asking[] = [
  [{ count: 120, questions: [1, 1] }],
  [{ count: 120, questions: [2, 1] }],
  [{ count: 40, questions: [1, 1] }, { count: 400, questions: [1, 0] }],
  [{ count: 40, questions: [2, 1] }, { count: 400, questions: [2, 0] }],
  [{ count: 120, questions: [2, 1, 1, 1, 1, 1] }],
  [{ count: 120, questions: [5, 1, 1, 1, 1, 1] }],
  [{ count: 120, questions: [2, 0] }, { count: 120, questions: [0, 2] }],
  [{ count: 120, questions: [2, 0] }, { count: 120, questions: [0, 1] }],
  [{ count: 20, questions: [10, 0] }, { count: 200, questions: [0, 1] }],
  [{ count: 60, questions: [10, 1] }, { count: 60, questions: [1, 10] }],
  [
    { count: 60, questions: [10, 1], activity: 1.5 },
    { count: 60, questions: [1, 10], activity: 0.5 },
  ],
];

/**
 * Draws runs in which nothing is to be found.
 *
 * @param options How many runs there are.
 */
export function unequalLabels({ runs = 40 }: { runs?: number } = {}): Table {
  return {
    title: "Permuted labels where persons have more questions about one group than about another",
    columns: [
      "persons (questions about each group)",
      ...ACTIVE.map((active) => `runs that pass, of features active in ${100 * active} %`),
    ],
    rows: ASKED.map((asking, row) => rowOf(asking, { runs, random: new SeededRandom(1 + row) })),
    notes: [
      `Up to ${runs} runs each of ${FEATURES} features that know nothing of the groups, of which those count that ` +
      `at least ${LEAST_ACTIVE} persons have active (a dash: none in any run); ${PERMUTATIONS} permutations. A ` +
      `run passes if p of one of its pairs of a feature and a group is at most ${LEVEL} (max-T).`,
    ],
  };
}

function rowOf(
  asking: Asking,
  { runs, random }: { runs: number; random: SeededRandom },
): string[] {
  const asked = questionsOf(asking);
  const blocks = blocksOf({ arePersonsKnown: true }, asked);
  const arrangements = [...permutedGroups(blocks, { permutations: PERMUTATIONS, seed: 2 })];
  const cells = ACTIVE.map((active) => {
    let [passing, all] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const scores = Array.from({ length: FEATURES }, () => activationsOf(asked, active, random))
        .filter((values) => personsActive(values, asked.persons, 0) >= LEAST_ACTIVE)
        .map((values) => blockScores(values, blocks));
      if (scores.length === 0) continue;
      const { reached } = maxT(scores, blocks, arrangements);
      all++;
      passing += Number(reached.some((times) => (times + 1) / (PERMUTATIONS + 1) <= LEVEL));
    }
    return all === 0 ? "–" : `${passing} of ${all}`;
  });
  return [cellOfAsking(asking), ...cells];
}
