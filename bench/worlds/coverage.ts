/**
 * The table of how often the 95 % intervals of derived numbers hold the truth.
 *
 * @module
 */
import type { Table } from "../table.ts";
import type { Law } from "./law.ts";
import { RUN_LAWS, VERDICT_LAWS } from "./laws.ts";
import { countRuns, RUN_NUMBERS } from "./runs_coverage.ts";
import { Tally } from "./tally.ts";
import { type Truth, TRUTH_PERSONS, truthOf } from "./truth.ts";
import { countVerdicts, VERDICT_NUMBERS } from "./verdict_coverage.ts";

/** What a column's worlds are drawn from: those of a verdict, and those of two runs. */
interface Column {
  readonly name: string;
  readonly persons: number;
  readonly verdict: Law;
  readonly runs: readonly Law[];
}

const { mixed, rare, nearOne, apart, unequal } = VERDICT_LAWS;
const { equal, different } = RUN_LAWS;

const COLUMNS: readonly Column[] = [
  { name: "20 persons", persons: 20, verdict: mixed, runs: [equal, different] },
  { name: "50", persons: 50, verdict: mixed, runs: [equal, different] },
  { name: "200", persons: 200, verdict: mixed, runs: [equal, different] },
  { name: "200, rarely active", persons: 200, verdict: rare, runs: [RUN_LAWS.rare] },
  {
    name: "200, AUROCs of 0.99 and more",
    persons: 200,
    verdict: nearOne,
    runs: [RUN_LAWS.nearOne],
  },
  { name: "200, each asked about one relation", persons: 200, verdict: apart, runs: [] },
  { name: "200, one relation with a quarter", persons: 200, verdict: unequal, runs: [] },
];

/** How many worlds are drawn, and what may be left out to be quick. */
export interface CoverageOptions {
  /** How many worlds each column has; as many pairs of runs of each law. */
  readonly draws: number;
  /** How many columns, from the first on. Default: all. */
  readonly columns?: number;
  /** Of how many persons the truth is. Default: {@linkcode TRUTH_PERSONS}. */
  readonly truthPersons?: number;
  /** Is told what was drawn. */
  readonly log: (line: string) => void;
}

/** Draws the worlds of each column: how often intervals hold the truth, and how far numbers are above it. */
export function coverageOfDerived(
  { draws, columns = COLUMNS.length, truthPersons = TRUTH_PERSONS, log }: CoverageOptions,
): [held: Table, excess: Table] {
  const truths = new Map<Law, Truth>();
  const truth = (law: Law) => truths.getOrInsertComputed(law, () => truthOf(law, truthPersons));
  const drawn = COLUMNS.slice(0, columns).map(({ name, persons, verdict, runs }, column) => {
    log(`intervals of a verdict and of two runs: ${name}`);
    const tally = new Tally();
    const drawn = { persons, draws, tally, seed: 100_000 * (column + 1) };
    countVerdicts(verdict, truth(verdict), drawn);
    for (const law of runs) countRuns(law, truth(law), drawn);
    return { name, tally };
  });
  const numbers = [...Object.values(VERDICT_NUMBERS), ...Object.values(RUN_NUMBERS)];
  const columnNames = ["number", ...drawn.map(({ name }) => name)];
  const rowsOf = (cell: (tally: Tally, number: string) => string) =>
    numbers.map((number) => [number, ...drawn.map(({ tally }) => cell(tally, number))]);
  return [
    {
      title: "Coverage of the numbers that a verdict and a comparison derive",
      columns: columnNames,
      rows: rowsOf((tally, number) => tally.held(number)),
      notes: [
        `${draws} worlds each, of four relations in two wordings at three layers, and ${draws} pairs of runs ` +
        `of each law. The truth is that of ${truthPersons} persons, of the feature, layer or probe that was ` +
        "chosen in that draw. A number without an interval does not count.",
      ],
    },
    {
      title: "How far these numbers are above the truth",
      columns: columnNames,
      rows: rowsOf((tally, number) => tally.excess(number)),
      notes: ["In the mean of those that have an interval."],
    },
  ];
}
