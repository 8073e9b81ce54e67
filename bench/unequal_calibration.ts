/**
 * How small p comes out where persons have more questions about one group than about another, and no feature
 * knows anything of the groups.
 *
 * @module
 */
import { benjaminiHochberg, personBlocks } from "../mod.ts";
import { DISCOVERY_Q } from "../lib/results/discovery.ts";
import { blockSumTail } from "../lib/stats/rank_sum_tail.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import { selectivityDesign } from "../lib/stats/selectivity/design.ts";
import { roomForSelectivity, SelectivityMeter } from "../lib/stats/selectivity/selectivity.ts";
import type { Table } from "./table.ts";
import {
  activationsOf,
  type Asked,
  type Asking,
  cellOfAsking,
  percentOf,
  questionsOf,
} from "./unequal_asking.ts";

/** Half of a run's features are active in so small a share of questions, the others in half of them. */
const RUN_FEATURES = { each: 150, rare: 0.01, dense: 0.5 } as const;
const ACTIVE = [0.01, 0.03, 0.1, 0.5] as const;
/** log10 of p that few or none should have. */
const LIMITS = [-3, -6] as const;

/** Who is asked what, and the group of which p is drawn. */
const ASKED: readonly { readonly asking: Asking; readonly about: number }[] = [
  { asking: [{ count: 120, questions: [1, 1] }], about: 1 },
  { asking: [{ count: 120, questions: [2, 1] }], about: 1 },
  { asking: [{ count: 40, questions: [1, 1] }, { count: 80, questions: [1, 0] }], about: 1 },
  { asking: [{ count: 40, questions: [2, 1] }, { count: 80, questions: [2, 0] }], about: 1 },
  {
    asking: [
      { count: 40, questions: [2, 1], activity: 1.5 },
      { count: 80, questions: [1, 1], activity: 0.75 },
    ],
    about: 1,
  },
  { asking: [{ count: 120, questions: [1, 1, 1, 1, 1, 1] }], about: 0 },
  { asking: [{ count: 120, questions: [2, 1, 1, 1, 1, 1] }], about: 0 },
  { asking: [{ count: 120, questions: [2, 0] }, { count: 120, questions: [0, 2] }], about: 1 },
  { asking: [{ count: 120, questions: [2, 0] }, { count: 120, questions: [0, 1] }], about: 1 },
  { asking: [{ count: 20, questions: [10, 0] }, { count: 200, questions: [0, 1] }], about: 1 },
  { asking: [{ count: 200, questions: [10, 0] }, { count: 20, questions: [0, 1] }], about: 1 },
  // As if persons were not known.
  { asking: [{ count: 240, questions: [1, 0] }, { count: 120, questions: [0, 1] }], about: 1 },
  { asking: [{ count: 60, questions: [2, 1] }, { count: 60, questions: [1, 2] }], about: 1 },
  {
    asking: [
      { count: 60, questions: [2, 1], activity: 1.5 },
      { count: 60, questions: [1, 2], activity: 0.5 },
    ],
    about: 1,
  },
];

/**
 * Draws features that know nothing, again and again.
 *
 * @param options How many features p is drawn of, and how many runs there are.
 */
export function unequalCalibration(
  { features = 2000, runs = 40 }: { features?: number; runs?: number } = {},
): Table {
  return {
    title: "p where persons have more questions about one group than about another",
    columns: [
      "persons (questions about each group)",
      ...ACTIVE.map((active) => `p ≤ .001, ≤ 1e-6 of features active in ${100 * active} %`),
      "runs with a discovery",
    ],
    rows: ASKED.map(({ asking, about }, row) =>
      rowOf({ asking, about, features, runs }, new SeededRandom(1 + row))
    ),
    notes: [
      `${features} features each that know nothing of the groups, p of the last group, of six the first one; and ` +
      `${runs} runs of ${2 * RUN_FEATURES.each} such features, half of them active in ${
        100 * RUN_FEATURES.rare
      } % of questions and half in ${100 * RUN_FEATURES.dense} %, with q over all groups.`,
    ],
  };
}

function rowOf(
  { asking, about, features, runs }: {
    asking: Asking;
    about: number;
    features: number;
    runs: number;
  },
  random: SeededRandom,
): string[] {
  const asked = questionsOf(asking);
  const blocks = personBlocks(asked.groups, asked.persons);
  const tiny = ACTIVE.map((active) => {
    const log10P = Array.from(
      { length: features },
      () => blockSumTail(activationsOf(asked, active, random), blocks, about)!.log10P,
    );
    return LIMITS.map((limit) => percentOf(log10P.filter((p) => p <= limit).length, features))
      .join(", ");
  });
  let withDiscovery = 0;
  for (let run = 0; run < runs; run++) withDiscovery += Number(hasDiscovery(asked, random));
  return [cellOfAsking(asking), ...tiny, `${withDiscovery} of ${runs}`];
}

function hasDiscovery(asked: Asked, random: SeededRandom): boolean {
  const { each, rare, dense } = RUN_FEATURES;
  const design = selectivityDesign(asked.groups, { persons: asked.persons });
  const meter = new SelectivityMeter(design, { threshold: 0 });
  const featureCount = 2 * each;
  const found = roomForSelectivity(design.groupCount, featureCount);
  for (let feature = 0; feature < featureCount; feature++) {
    const values = activationsOf(asked, feature < each ? rare : dense, random);
    meter.measure(values, found, { feature, featureCount });
  }
  const log10Q = benjaminiHochberg([...found.log10_p]);
  return log10Q.some((q, test) =>
    q! <= Math.log10(DISCOVERY_Q) && (found.auroc_low[test]! > 0.5 || found.auroc_high[test]! < 0.5)
  );
}
