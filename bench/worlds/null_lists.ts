/**
 * Lists and runs in which there is nothing to be found: how often two lists seem to share fewer or more
 * features than by chance, and two runs to differ.
 *
 * @module
 */
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import { partOf, questionsOf } from "../../lib/verdict/questions.ts";
import { sharingOf } from "../../lib/verdict/sharing.ts";
import type { Table } from "../table.ts";
import { drawWorld } from "./draw.ts";
import { effectOn, type Law, NO_EFFECT, RELATIONS, slotsOf } from "./law.ts";
import { comparedSite } from "./runs_coverage.ts";
import { sitesOf, sitesWithNulls } from "./sites.ts";
import { shareOf } from "./tally.ts";

/** Of so many features, lists of 50 are made. */
const FEATURES = 150;
/** How many layers two runs have. */
const LAYERS = 8;
const PERSONS = 50;

/** Draws worlds with lists of free features, and pairs of runs that are alike. */
export function nullLists({ draws }: { draws: number }): Table {
  return {
    title: "Lists and runs that do not differ",
    columns: ["sentence", "how often"],
    rows: [...sharing(draws), ...comparing(0, draws), ...comparing(0.6, draws)],
    notes: [
      `${draws} worlds of ${PERSONS} persons each: two layers with lists of 50 of ${FEATURES} features, and ` +
      `two runs of ${LAYERS} layers, whose slots tell relations apart equally well.`,
    ],
  };
}

function sharing(draws: number): string[][] {
  const free = Array.from({ length: FEATURES }, (_, feature) => ({
    bias: -1.5 + 2 * ((37 * feature) % FEATURES) / FEATURES,
    effects: NO_EFFECT,
  }));
  const law: Law = { common: 0.5, layers: [1, 2].map((layer) => ({ layer, free, slots: [] })) };
  let [fewer, more, lists] = [0, 0, 0];
  for (let draw = 1; draw <= draws; draw++) {
    for (const site of sitesWithNulls(drawWorld(law, PERSONS, draw), draw)) {
      const questions = questionsOf(site.found);
      const { shared, permuted } = sharingOf(site, questions, partOf(questions));
      lists++;
      fewer += Number(shared! < permuted!.low);
      more += Number(shared! > permuted!.high);
    }
  }
  return [
    ["two lists share fewer features than with permuted names", shareOf(fewer, lists)],
    ["they share more", shareOf(more, lists)],
  ];
}

/** Runs whose layers have so much of their variance in common. */
function comparing(common: number, draws: number): string[][] {
  const free = RELATIONS.map((own) => ({ bias: 0.3, effects: effectOn(own, 0.5) }));
  const layers = Array.from(
    { length: 2 * LAYERS },
    () => ({ layer: 1, free, slots: slotsOf(0, 0.8) }),
  );
  let [layer, most, any] = [0, 0, 0];
  for (let draw = 1; draw <= draws; draw++) {
    const sites = sitesOf(drawWorld({ common, layers }, PERSONS, draw));
    const means = Array.from({ length: LAYERS }, (_, at) => {
      const [a, b] = sites.slice(2 * at, 2 * at + 2).map(comparedSite);
      const { difference, interval } = compareSites(a!, b!, "slots")!.at(-1)!;
      const isClear = interval !== null && (interval[0] > 0 || interval[1] < 0);
      return { size: Math.abs(difference!), isClear };
    });
    layer += means.filter(({ isClear }) => isClear).length;
    any += Number(means.some(({ isClear }) => isClear));
    most += Number(means.reduce((a, b) => b.size > a.size ? b : a).isClear);
  }
  const what = `, ${100 * common} % in common`;
  return [
    [`two runs differ clearly at a layer${what}`, shareOf(layer, LAYERS * draws)],
    [`they do at the layer where they differ most${what}`, shareOf(most, draws)],
    [`they do at any layer${what}`, shareOf(any, draws)],
  ];
}
