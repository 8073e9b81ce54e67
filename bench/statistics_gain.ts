/**
 * What the statistics add to the whole job, with pictures and without: the same run with them and without, in
 * turns, as processes of their own.
 *
 * @module
 */
import type { GrowthOptions } from "./growth.ts";
import { type Job, type Run, runAnalyze, runNumbersOnly } from "./job.ts";
import { median } from "./products.ts";
import { mebibytes, seconds, type Table } from "./table.ts";

/** The seconds that statistics may add on two cores, with dense codes. */
const MOST = 12;

/** A run, with pictures or without. */
type Gained = Pick<Run, "seconds" | "cpuSeconds" | "peakBytes" | "phases">;

const CPU = ["--device", "cpu"] as const;
const SYSTEMS: readonly {
  readonly name: string;
  readonly run: (job: Job, output: string) => Promise<Gained>;
}[] = [
  {
    name: "analyze --no_statistics",
    run: (job, output) => runAnalyze(job, output, [...CPU, "--no_statistics"]),
  },
  { name: "analyze", run: (job, output) => runAnalyze(job, output, CPU) },
  { name: "numbers only", run: (job, output) => runNumbersOnly(job, output, "cpu") },
  {
    name: "numbers only, statistics and their table, too",
    run: (job, output) => runNumbersOnly(job, output, "cpu", { statistics: true }),
  },
];

/** Measures the job with statistics and without, with its pictures and without. */
export async function measureGain(
  job: Job,
  { runs, scratch, log }: GrowthOptions,
): Promise<Table> {
  const measured: Gained[][] = SYSTEMS.map(() => []);
  for (let round = 0; round <= runs; round++) { // the first fills the page cache
    for (const [system, { name, run }] of SYSTEMS.entries()) {
      if (round === 0 && system > 0) continue;
      const found = await run(job, `${scratch}/gain`);
      log(`${name}: ${seconds(found.seconds)}`);
      if (round > 0) measured[system]!.push(found);
    }
  }
  const figures: ((run: Gained) => number)[] = [
    (run) => run.seconds,
    (run) => run.cpuSeconds ?? NaN,
    ({ phases }) => phases["language model"] ?? NaN,
    ({ phases }) => phases["SAEs"] ?? NaN,
    ({ phases }) => phases["statistics of all layers"] ?? 0,
  ];
  const medians = measured.map((own) => figures.map((figure) => median(own.map(figure))));
  const peaks = measured.map((own) => mebibytes(median(own.map((run) => run.peakBytes ?? NaN))));
  const rowsOf = (without: number, withThem: number, what: string) => [
    ...[without, withThem].map((system) => [
      SYSTEMS[system]!.name,
      ...medians[system]!.map(seconds),
      peaks[system]!,
    ]),
    [what, ...medians[withThem]!.map((value, i) => seconds(value - medians[without]![i]!)), ""],
  ];
  return {
    title: "What statistics add to the whole job",
    columns: ["", "time", "processor time", "language model", "SAEs", "end", "peak memory"],
    rows: [
      ...rowsOf(0, 1, "added, pictures included"),
      ...rowsOf(2, 3, "added to the numbers"),
    ],
    notes: [
      `Medians of ${runs} runs in turns; on two cores at most ${MOST} s are to be added. The numbers are those ` +
      "of each feature, of what is found without the SAE, and the table of all; pictures of them: " +
      "of discoveries, of what features share, of the strongest ones with their marks, of all layers.",
    ],
  };
}
