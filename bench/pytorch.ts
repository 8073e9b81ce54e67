/**
 * The same job by PyTorch: pytorch_baseline.py.
 *
 * @module
 */
import type { AnalysisPlan } from "../lib/analysis/plan.ts";
import { measure } from "./child.ts";
import type { Job, Run } from "./job.ts";
import { medianSeconds } from "./job_tables.ts";
import { median } from "./products.ts";
import { mebibytes, seconds } from "./table.ts";

/** A run of the PyTorch baseline. */
export interface TorchRun {
  /** The whole process, in seconds, less what is timed warm. */
  seconds: number;
  /** Its peak memory, in bytes. */
  peakBytes: number | undefined;
  /** Seconds by phase. */
  phases: Record<string, number>;
  /** All that it said, as JSON. */
  said: string;
}

/** Idle OpenMP threads that spin take the cores from BLAS: PyTorch is three times slower then. */
export const PASSIVE = { OMP_WAIT_POLICY: "PASSIVE" };

/** The phase that is no part of the job. */
const WARM = "language model again, warm";

/** The baseline's arguments for a job, whose token ids are written for it. */
export async function torchArgumentsOf(
  { prompts, sample, checkpoints }: AnalysisPlan,
  { lm, saes }: Job,
  scratch: string,
): Promise<string[]> {
  const file = `${scratch}/prompts.json`;
  const ids = prompts.map((prompt) => [...prompt]);
  await Deno.writeTextFile(file, JSON.stringify({ prompts: ids, groups: sample.groupSizes }));
  const layers = checkpoints.map(({ layer }) => layer).join(",");
  return ["bench/pytorch_baseline.py", lm, saes, file, layers];
}

/** Runs the baseline once. */
export async function runTorch(
  python: string,
  args: readonly string[],
  limit?: number,
): Promise<TorchRun> {
  const { seconds: all, peakBytes, output } = await measure(python, args, PASSIVE, limit);
  const phases = JSON.parse(output).seconds;
  const seconds = all - (phases[WARM] ?? 0);
  return { seconds, peakBytes, phases, said: output.trim() };
}

/** coact against PyTorch, as rows of a table; none if PyTorch did not run. */
export function torchRatios(
  runs: readonly Run[],
  numbersOnly: readonly number[],
  torch: readonly TorchRun[],
  bar: string,
): string[][] {
  if (torch.length === 0) return [];
  const numbers = median(numbersOnly);
  const whole = medianSeconds(torch);
  const lm = median(runs.map(({ phases }) => phases["language model"]!));
  const torchLm = median(torch.map(({ phases }) => phases["language model"]!));
  const peak = mebibytes(torch.at(-1)!.peakBytes);
  return [
    [
      `whole job without pictures: ${seconds(numbers)}`,
      `PyTorch: ${seconds(whole)}, ${peak}`,
      (whole / numbers).toFixed(2),
      bar,
    ],
    [
      `language model: ${seconds(lm)}`,
      `PyTorch's: ${seconds(torchLm)}`,
      (torchLm / lm).toFixed(2),
      "–",
    ],
  ];
}
