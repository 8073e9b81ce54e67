/**
 * How small p comes out where persons have more questions about one group than about another, and no feature
 * knows anything of the groups.
 *
 * @module
 */
import { benjaminiHochberg, estimateAuroc, rankSumTail } from "../mod.ts";
import { DISCOVERY_Q } from "../lib/results/discovery.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import type { Table } from "./table.ts";

const GROUPS = [0, 1] as const;
const FEATURES = 2000;
const RUNS = 40;
/** Half of a run's features are active in so small a share of questions, the others in half of them. */
const RUN_FEATURES = { each: 150, rare: 0.01, dense: 0.5 } as const;
const ACTIVE = [0.01, 0.03, 0.1, 0.5] as const;
/** log10 of a p that nothing should have. */
const TINY = -6;

/** How many persons are asked about both groups, how many questions of each, and how many about the first alone. */
interface Asking {
  readonly both: number;
  readonly questions: readonly [number, number];
  readonly alone: number;
}

const ASKED: readonly Asking[] = [
  { both: 120, questions: [1, 1], alone: 0 },
  { both: 120, questions: [2, 1], alone: 0 },
  { both: 40, questions: [1, 1], alone: 80 },
  { both: 40, questions: [2, 1], alone: 80 },
];

/** Draws features that know nothing, again and again. */
export function unequalCalibration(): Table {
  return {
    title: "p where persons have more questions about one group than about another",
    columns: [
      "persons, questions about each group",
      "others, about the first alone",
      ...ACTIVE.map((active) => `p ≤ 1e${TINY} of features active in ${100 * active} %`),
      "runs with a discovery",
    ],
    rows: ASKED.map(rowOf),
    notes: [
      `${FEATURES} features each that know nothing of the groups, p of the second one; and ${RUNS} runs of ` +
      `${2 * RUN_FEATURES.each} such features, half of them active in ${
        100 * RUN_FEATURES.rare
      } % of questions ` +
      `and half in ${100 * RUN_FEATURES.dense} %, with q over both groups.`,
    ],
  };
}

function rowOf(asking: Asking, row: number): string[] {
  const { both, questions, alone } = asking;
  const random = new SeededRandom(1 + row);
  const asked = questionsOf(asking);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const tiny = ACTIVE.map((active) => {
    let found = 0;
    for (let feature = 0; feature < FEATURES; feature++) {
      const tail = rankSumTail(activationsOf(asked.groups, active, random), {
        ...asked,
        group: 1,
      })!;
      if (tail.log10P <= TINY) found++;
    }
    return percent(found / FEATURES);
  });
  let withDiscovery = 0;
  for (let run = 0; run < RUNS; run++) withDiscovery += Number(hasDiscovery(asked, random));
  return [
    `${both}, ${questions.join(" and ")}`,
    String(alone),
    ...tiny,
    `${withDiscovery} of ${RUNS}`,
  ];
}

/** Whose each question is, and about which group. */
interface Asked {
  readonly groups: readonly number[];
  readonly persons: readonly number[];
}

function questionsOf({ both, questions, alone }: Asking): Asked {
  const each = Array.from({ length: both + alone }, (_, person) =>
    GROUPS.flatMap((group) => {
      const count = person < both || group === 0 ? questions[group] : 0;
      return Array.from({ length: count }, () => ({ person, group }));
    })).flat();
  return { groups: each.map(({ group }) => group), persons: each.map(({ person }) => person) };
}

/** The activations of a feature that is active in a share of questions, whatever they are about. */
function activationsOf(groups: readonly number[], active: number, random: SeededRandom): number[] {
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  return groups.map(() => uniform() < active ? -Math.log(uniform()) : 0);
}

function hasDiscovery(asked: Asked, random: SeededRandom): boolean {
  const tests = Array.from({ length: 2 * RUN_FEATURES.each }, (_, feature) => {
    const { each, rare, dense } = RUN_FEATURES;
    const values = activationsOf(asked.groups, feature < each ? rare : dense, random);
    return GROUPS.map((group) => {
      const { interval } = estimateAuroc(values, {
        inGroup: asked.groups.map((own) => own === group),
        persons: asked.persons,
        threshold: 0,
      });
      return {
        log10P: rankSumTail(values, { ...asked, group })!.log10P,
        isClear: interval !== null && (interval[0] > 0.5 || interval[1] < 0.5),
      };
    });
  }).flat();
  const log10Q = benjaminiHochberg(tests.map(({ log10P }) => log10P));
  return tests.some(({ isClear }, i) => isClear && log10Q[i]! <= Math.log10(DISCOVERY_Q));
}
