/**
 * How often the interval of a single AUROC near 1 holds the truth.
 *
 * @module
 */
import { lnNormalTail } from "../../lib/stats/normal_tail.ts";
import { selectivityDesign } from "../../lib/stats/selectivity/design.ts";
import { roomForSelectivity, SelectivityMeter } from "../../lib/stats/selectivity/selectivity.ts";
import type { Table } from "../table.ts";
import { drawWorld } from "./draw.ts";
import { effectOn, type Feature, type Law, NO_EFFECT, RELATIONS } from "./law.ts";
import { Tally } from "./tally.ts";
import { TRUTH_PERSONS, truthOf } from "./truth.ts";

const PERSONS = 200;
const THRESHOLD = 0.1;
/** So far above 0 that it is always active. */
const ALWAYS = 20;
/** A feature that is silent in most questions of the other relations. */
const SELDOM = -2.2;
/** How far a feature that is always active is higher for the relation, in deviations. */
const SHIFTS = [2.9, 3.3, 3.65, 4.4, 4.9, 5.5] as const;
/** How far above 0 the others are in the group: silent in 10 % of its questions to 0.07 %. */
const ABOVE = [1.282, 1.645, 2.054, 2.326, 2.652, 2.748, 2.807, 2.968, 3.195] as const;
/** What makes an active question of the group lie above nearly all others. */
const APART = effectOn(0, 1);

/** Draws features whose AUROC is near 1. */
export function coverageNearOne(
  { draws, truthPersons = 4 * TRUTH_PERSONS }: { draws: number; truthPersons?: number },
): Table {
  const dense = SHIFTS.map((shift) => ({
    name: "always active",
    feature: { bias: ALWAYS, effects: effectOn(0, shift) },
  }));
  const silent = [APART, NO_EFFECT].flatMap((ifActive) =>
    ABOVE.map((above) => ({
      name: `silent in ${(100 * Math.exp(lnNormalTail(above))).toFixed(2)} % of the group, else ` +
        (ifActive === APART ? "far above others" : "mostly above others"),
      feature: { bias: SELDOM, effects: effectOn(0, above - SELDOM), ifActive },
    }))
  );
  return {
    title: "Coverage of single AUROCs near 1",
    columns: ["feature", "true AUROC", "interval holds"],
    rows: [...dense, ...silent].map(({ name, feature }, row) => [
      name,
      ...coverageOf(feature, { draws, truthPersons, seed: 100_000 * (row + 1) }),
    ]),
    notes: [
      `${draws} draws each of ${PERSONS} persons with two questions of each of four relations.`,
    ],
  };
}

function coverageOf(
  feature: Feature,
  { draws, truthPersons, seed }: { draws: number; truthPersons: number; seed: number },
): string[] {
  const law: Law = { common: 0, layers: [{ layer: 1, free: [feature], slots: [] }] };
  const truth = truthOf(law, truthPersons).layers[0]!.auroc[0]![0]!;
  const { questions } = drawWorld(law, PERSONS, 0);
  const design = selectivityDesign(questions.map(({ relation }) => relation), {
    persons: questions.map(({ person }) => person),
  });
  const meter = new SelectivityMeter(design, { threshold: THRESHOLD });
  const [tally, found] = [new Tally(), roomForSelectivity(RELATIONS.length, 1)];
  for (let draw = 0; draw < draws; draw++) {
    const { columns } = drawWorld(law, PERSONS, seed + draw);
    meter.measure(columns[0]![0]!, found, { feature: 0, featureCount: 1 });
    const [low, high] = [found.auroc_low[0]!, found.auroc_high[0]!];
    const interval = Number.isNaN(low) ? null : [low, high] as const;
    tally.add("auroc", { value: found.auroc[0]!, interval }, truth);
  }
  return [truth.toFixed(4), tally.held("auroc")];
}
