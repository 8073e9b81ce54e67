/**
 * A job to be measured: where its files are, and what it amounts to.
 *
 * @module
 */
import {
  type AnalysisOptions,
  type AnalysisPlan,
  planAnalysis,
} from "../lib/analysis/plan/plan.ts";
import { measureDeno, type Measurement } from "./child.ts";
import type { NumbersRun } from "./pytorch.ts";

/** Which files, how many questions, which layers. */
export interface Job {
  /** The directory of the language model. */
  lm: string;
  /** The directory of the SAEs. */
  saes: string;
  /** The question file. */
  questions: string;
  /** Questions of each relation. */
  perRelation: number;
  /** Layers, as for `--layers`. */
  layers: string;
}

/** A run of coact: from outside, and what it said of its phases. */
export interface Run extends Measurement {
  /** Seconds by phase. */
  phases: Record<string, number>;
}

/** The job of full size in a directory made by make_full_size_job.py. */
export function fullJob(directory: string): Job {
  return {
    lm: `${directory}/lm`,
    saes: `${directory}/sae`,
    questions: `${directory}/questions.jsonl`,
    perRelation: 500,
    layers: "all",
  };
}

/**
 * Runs `analyze` on a job as a process of its own, with its pictures; without the statistics of each feature, which
 * the part statistics measures, so that figures are comparable with those from before there were any.
 */
export async function runCoact(
  job: Job,
  output: string,
  device: string,
  limit?: number,
): Promise<Run> {
  return await runAnalyze(job, output, ["--device", device, "--no_statistics"], limit);
}

/** Runs `analyze` on a job as a process of its own, into a directory that is emptied before, with other options. */
export async function runAnalyze(
  job: Job,
  output: string,
  args: readonly string[],
  limit?: number,
): Promise<Run> {
  await Deno.remove(output, { recursive: true }).catch(() => {});
  const measured = await measureDeno("scripts/analyze.ts", [
    ...["--lm_model", job.lm, "--sae_dir", job.saes, "--qa_file", job.questions],
    ...["--samples_per_relation", String(job.perRelation), "--layers", job.layers],
    ...["--output_dir", output, ...args],
  ], limit);
  const times = JSON.parse(await Deno.readTextFile(`${output}/analysis_times.json`));
  return { ...measured, phases: times.phase_seconds };
}

/** Runs the same without pictures; with the statistics of each feature if they are asked for. */
export async function runNumbersOnly(
  job: Job,
  output: string,
  device: string,
  { limit, statistics = false }: { limit?: number | undefined; statistics?: boolean } = {},
): Promise<NumbersRun> {
  const { lm, saes, questions, perRelation } = job;
  const measured = await measureDeno("bench/numbers_only.ts", [
    ...[lm, saes, questions, output, String(perRelation), device],
    ...statistics ? ["statistics"] : [],
  ], limit);
  return { ...measured, phases: JSON.parse(measured.output) };
}

/** Opens a job's files as `analyze` does. */
export function planOf(job: Job): Promise<AnalysisPlan> {
  return planAnalysis(optionsOf(job));
}

/** What is asked of an analysis of a job. */
export function optionsOf(
  { lm, saes, questions, perRelation }: Job,
): AnalysisOptions & { readonly samplesPerRelation: number } {
  return {
    lmModel: lm,
    saeDirectory: saes,
    questionFile: questions,
    layers: "all",
    samplesPerRelation: perRelation,
    threshold: 0.1,
  };
}
