/**
 * How far numbers are too high of what was chosen among equals: features, layers, relations.
 *
 * @module
 */
import type { Table } from "../table.ts";
import { drawWorld } from "./draw.ts";
import { effectOn, type Law, RELATIONS, slotsOf } from "./law.ts";
import { sitesOf } from "./sites.ts";
import { Tally } from "./tally.ts";
import { meanOf, type Truth, TRUTH_PERSONS, truthOf } from "./truth.ts";
import { verdictOn } from "./verdict_of.ts";

/** So many layers are equal, and so many features of each relation. */
const EQUALS = 8;

/** The numbers, by what they are, in the order of the table. */
const NUMBERS = {
  featureChoosing: "best of eight equal features, choosing half",
  feature: "best of eight equal features, other half",
  highest: "highest of four relations' best",
  gapChoosing: "first of eight equal layers: gap, choosing half",
  gap: "first of eight equal layers: gap, other half",
  lessRunnerUp: "first of eight equal layers less runner-up, other half",
  own: "first of eight equal layers: own slots' mean, all persons",
} as const;

/** How many persons there are, and what share of their variance layers have in common. */
const KINDS = [
  { persons: 50, common: 0 },
  { persons: 50, common: 0.7 },
  { persons: 200, common: 0.7 },
] as const;

/** Draws worlds whose layers and features are equal. */
export function biasOfChosen(
  { draws, kinds = KINDS.length, truthPersons = 4 * TRUTH_PERSONS }: {
    draws: number;
    kinds?: number;
    truthPersons?: number;
  },
): Table {
  const layer = {
    free: RELATIONS.flatMap((own) =>
      Array.from({ length: EQUALS }, () => ({ bias: 0.2, effects: effectOn(own, 0.6) }))
    ),
    slots: slotsOf(-0.5, 1.2),
  };
  const truth = truthOf({ common: 0, layers: [{ layer: 1, ...layer }] }, truthPersons);
  const drawn = KINDS.slice(0, kinds).map(({ persons, common }, kind) => {
    const layers = Array.from({ length: EQUALS }, (_, at) => ({ layer: at + 1, ...layer }));
    const tally = new Tally();
    for (let draw = 0; draw < draws; draw++) {
      count({ common, layers }, truth, { persons, tally, seed: 100_000 * (kind + 1) + draw });
    }
    return { name: `${persons} persons, ${100 * common} % in common`, tally };
  });
  return {
    title: "What is chosen among equals",
    columns: ["number", ...drawn.flatMap(({ name }) => [`${name}: too high by`, "interval holds"])],
    rows: Object.values(NUMBERS).map((number) => [
      number,
      ...drawn.flatMap(({ tally }) => [
        tally.excess(number),
        number.endsWith("choosing half") ? "–" : tally.held(number),
      ]),
    ]),
    notes: [`${draws} worlds each; what is in common is of the layers' variance.`],
  };
}

function count(
  law: Law,
  { layers: [truth] }: Truth,
  { persons, seed, tally }: { persons: number; seed: number; tally: Tally },
): void {
  const { verdict } = verdictOn(sitesOf(drawWorld(law, persons, seed)), 0);
  const [first, second] = verdict.layer.candidates;
  const { slots, encodings } = verdict.sites.find(({ name }) => name === first!.name)!;
  const { auroc, gap, own } = truth!;
  const alone = (value: number) => ({ value, interval: [value, value] as const });
  tally.add(NUMBERS.gapChoosing, alone(first!.choosing), gap);
  tally.add(NUMBERS.gap, first!.estimated, gap);
  tally.add(NUMBERS.lessRunnerUp, second!.behind, 0);
  tally.add(NUMBERS.own, slots!.diagonal, meanOf(own));
  const best = encodings.flatMap(({ best: [chosen] }, relation) =>
    chosen === undefined ? [] : [{ ...chosen, truth: auroc[chosen.feature]![relation]! }]
  );
  for (const each of best) {
    tally.add(NUMBERS.featureChoosing, alone(each.choosing), each.truth);
    tally.add(NUMBERS.feature, each.auroc, each.truth);
  }
  const highest = best.reduce((a, b) => b.auroc.value! > a.auroc.value! ? b : a);
  tally.add(NUMBERS.highest, highest.auroc, highest.truth);
}
