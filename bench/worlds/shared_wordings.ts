/**
 * What is said of features that know nothing where wordings matter: both halves have the same ones, so
 * that what was chosen may owe something to these.
 *
 * @module
 */
import { type Measured, sideOf } from "../../lib/verdict/measured.ts";
import type { Table } from "../table.ts";
import { drawWorld } from "./draw.ts";
import { type Law, NO_EFFECT } from "./law.ts";
import { sitesOf } from "./sites.ts";
import { shareOf } from "./tally.ts";
import { verdictOn } from "./verdict_of.ts";

const WORDINGS = 12;
const FEATURES = 30;
const BIASES = [0.5, 0, 0.2] as const;
/** How many persons there are, and the deviation of what a wording adds; that of a question is 1. */
const KINDS = [
  { persons: 40, deviation: 0.1 },
  { persons: 40, deviation: 0.25 },
  { persons: 80, deviation: 0.25 },
] as const;

/** Draws worlds in which wordings matter, and nothing else does. */
export function sharedWordings(
  { draws, kinds = KINDS.length }: { draws: number; kinds?: number },
): Table {
  return {
    title: "Above chance by wordings that both halves have",
    columns: [
      "persons",
      "sd of wordings",
      "mean AUROC of the best features",
      "probe of 1 feature",
      "on other wordings, too",
    ],
    rows: KINDS.slice(0, kinds).map(({ persons, deviation }, kind) => {
      const found = Array.from(
        { length: draws },
        (_, draw) => foundIn(lawOf(deviation), persons, 100_000 * (kind + 1) + draw),
      );
      const above = (of: (each: typeof found[number]) => Measured) => {
        const sure = found.map(of).filter(({ interval }) => interval !== null);
        return shareOf(sure.filter((each) => sideOf(each, 0.5) === "above").length, sure.length);
      };
      return [
        String(persons),
        String(deviation),
        above(({ best }) => best),
        above(({ probe }) => probe),
        above(({ wordings }) => wordings),
      ];
    }),
    notes: [
      `How often the interval lies above ½, of ${draws} worlds each with four relations, ${WORDINGS} wordings ` +
      `of each and ${FEATURES} features that know nothing. Intervals are over persons and wordings.`,
    ],
  };
}

function lawOf(wordingDeviation: number): Law {
  const free = Array.from({ length: FEATURES }, (_, feature) => ({
    bias: BIASES[feature % BIASES.length]!,
    effects: NO_EFFECT,
  }));
  const layers = [{ layer: 1, free, slots: [] }];
  return { common: 0, wordings: WORDINGS, wordingDeviation, layers };
}

function foundIn(
  law: Law,
  persons: number,
  seed: number,
): { best: Measured; probe: Measured; wordings: Measured } {
  const { verdict } = verdictOn(sitesOf(drawWorld(law, persons, seed)), 0);
  const { best, probes } = verdict.sites[0]!;
  return { best: best.auroc, probe: probes[0]!.persons, wordings: probes[0]!.wordings };
}
