/**
 * What runs of the whole job took, as tables.
 *
 * @module
 */
import type { Run } from "./job.ts";
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
  return {
    title: `The whole job, --device ${device}`,
    columns: ["phase", "time", "rate", "share of the machine's limit", "peak memory"],
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
        ];
      }),
      ["start and end of the process", seconds(rest), "–", "–", ""],
      ["whole process", seconds(whole), "–", "–", peaks.length ? mebibytes(median(peaks)) : "–"],
    ],
    notes: [
      `Medians of ${runs.length} runs of ${seconds(Math.min(...runs.map((r) => r.seconds)))} to ` +
      `${seconds(Math.max(...runs.map((r) => r.seconds)))}, after one that does not count.` +
      (limits.size ? " The limit of a phase is the time of its matrix products alone." : "") +
      (peaks.length ? "" : " Peak memory is measured on Linux only."),
    ],
  };
}
