/**
 * What the statistics add to the whole job, its pictures included: `analyze` with them and without, in turns, as
 * processes of their own.
 *
 * @module
 */
import type { GrowthOptions } from "./growth.ts";
import { type Job, type Run, runAnalyze } from "./job.ts";
import { median } from "./products.ts";
import { mebibytes, seconds, type Table } from "./table.ts";

/** The seconds that statistics may add on two cores, with dense codes. */
const MOST = 12;

const SYSTEMS = [
  { name: "analyze --no_statistics", args: ["--no_statistics"] },
  { name: "analyze", args: [] },
] as const;

/** Measures the job with statistics and without. */
export async function measureGain(
  job: Job,
  { runs, scratch, log }: GrowthOptions,
): Promise<Table> {
  const measured: Run[][] = SYSTEMS.map(() => []);
  for (let run = 0; run <= runs; run++) { // the first fills the page cache
    for (const [system, { name, args }] of SYSTEMS.entries()) {
      const found = await runAnalyze(job, `${scratch}/gain`, ["--device", "cpu", ...args]);
      log(`${name}: ${seconds(found.seconds)}`);
      if (run > 0) measured[system]!.push(found);
    }
  }
  const of = (system: number, value: (run: Run) => number) => median(measured[system]!.map(value));
  const figures: ((run: Run) => number)[] = [
    (run) => run.seconds,
    (run) => run.cpuSeconds ?? NaN,
    ({ phases }) => phases["language model"] ?? NaN,
    ({ phases }) => phases["SAEs"] ?? NaN,
  ];
  const [without, withThem] = [0, 1].map((system) => figures.map((figure) => of(system, figure)));
  const peak = (system: number) => mebibytes(of(system, (run) => run.peakBytes ?? NaN));
  const added = withThem!.map((value, i) => seconds(value - without![i]!));
  return {
    title: "What statistics add to the whole job",
    columns: ["", "time", "processor time", "language model", "SAEs", "peak memory"],
    rows: [
      ...[without!, withThem!].map((values, i) => [
        SYSTEMS[i]!.name,
        ...values.map(seconds),
        peak(i),
      ]),
      ["added", ...added, ""],
    ],
    notes: [
      `Medians of ${runs} runs in turns, pictures included; on two cores at most ${MOST} s are to be added.`,
    ],
  };
}
