/**
 * What runs of the whole job took, as tables.
 *
 * @module
 */
import type { Run } from "./job.ts";
import { type NumbersRun, PHASES } from "./pytorch.ts";
import { median } from "./products.ts";
import { gigaflops, mebibytes, percent, seconds, type Table } from "./table.ts";

/** The median time of runs. */
export function medianSeconds(runs: readonly { seconds: number }[]): number {
  return median(runs.map((run) => run.seconds));
}

/** Ratios, each with what it is of and the bar that it is held to. */
export function ratioTable(rows: readonly string[][]): Table {
  return { title: "Ratios", columns: ["coact, median", "against", "ratio", "bar"], rows };
}

/**
 * The time of each phase.
 *
 * @param limits By phase, its operations and the seconds that they take alone; where known.
 */
export function phaseTable(
  device: string,
  runs: readonly Run[],
  limits: ReadonlyMap<string, { flop: number; alone: number }>,
): Table {
  const phases = Object.keys(runs[0]!.phases);
  const secondsOf = (phase: string) => median(runs.map((run) => run.phases[phase]!));
  const whole = median(runs.map((run) => run.seconds));
  const rest = whole - phases.reduce((sum, phase) => sum + secondsOf(phase), 0);
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
  const cpuTimes = runs.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  return {
    title: `The whole job, --device ${device}`,
    columns: [
      ...["phase", "time", "rate", "share of the machine's limit", "processor time", "peak memory"],
    ],
    rows: [
      ...phases.map((phase) => {
        const taken = secondsOf(phase);
        const limit = limits.get(phase);
        return [
          phase,
          seconds(taken),
          limit === undefined ? "–" : gigaflops(limit.flop / taken),
          limit === undefined ? "–" : percent(limit.alone / taken),
          "",
          "",
        ];
      }),
      ["start and end of the process", seconds(rest), "–", "–", "", ""],
      [
        ...["whole process", seconds(whole), "–", "–"],
        cpuTimes.length ? seconds(median(cpuTimes)) : "–",
        peaks.length ? mebibytes(median(peaks)) : "–",
      ],
    ],
    notes: [
      `${runs.length === 1 ? "One run" : `Medians of ${runs.length} runs`} of ${
        seconds(Math.min(...runs.map((r) => r.seconds)))
      } to ` +
      `${seconds(Math.max(...runs.map((r) => r.seconds)))}, after one that does not count.` +
      (limits.size ? " The limit of a phase is the time of its matrix products alone." : "") +
      " With all pictures, without the statistics of each feature." +
      (peaks.length ? "" : " Processor time and peak memory are measured on Linux only."),
    ],
  };
}

/** The job without pictures by coact and by others: medians, phase by phase. The first row is coact. */
export function numbersTable(systems: ReadonlyMap<string, readonly NumbersRun[]>): Table {
  const measured = [...systems].filter(([, runs]) => runs.length > 0);
  const [coact] = measured.map(([, runs]) => medianSeconds(runs));
  const middle = (runs: readonly NumbersRun[], of: (run: NumbersRun) => number | undefined) => {
    const values = runs.flatMap((run) => of(run) ?? []);
    return values.length === 0 ? undefined : median(values);
  };
  const shown = (value: number | undefined) => value === undefined ? "–" : seconds(value);
  return {
    title: "The same numbers by others, without pictures",
    columns: [
      ...["system", ...PHASES, "whole process", "against coact", "processor time", "peak memory"],
    ],
    rows: measured.map(([name, runs]) => [
      name,
      ...PHASES.map((phase) => shown(middle(runs, ({ phases }) => phases[phase]))),
      seconds(medianSeconds(runs)),
      (medianSeconds(runs) / coact!).toFixed(2),
      shown(middle(runs, ({ cpuSeconds }) => cpuSeconds)),
      mebibytes(middle(runs, ({ peakBytes }) => peakBytes)),
    ]),
    notes: [
      "Whole processes in turns, medians. Import: the program and its libraries. Load: weights and, of " +
      "coact, questions, too; what lies in mapped files is read where it is used first. Nothing is warmed up. " +
      "float32 without TF32. PyTorch (bench/pytorch_baseline.py) reads the encoders only, batches prompts of one " +
      "length and is given tokens; TransformerLens with SAELens (bench/transformer_lens_baseline.py) is used as " +
      "most would. Processor time: of all threads, which other programs change less than the clock's.",
    ],
  };
}
