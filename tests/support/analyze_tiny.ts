/** Runs `analyze` on tiny inputs, in this process, and looks at what it wrote. */
import assert from "node:assert/strict";
import { readJson } from "../../lib/files/json.ts";
import { type AnalysisSummary, analysisSummarySchema } from "../../lib/results/summary_record.ts";
import { type AnalysisTimes, analysisTimesSchema } from "../../lib/results/times_file.ts";
import { analyze } from "../../scripts/analyze.ts";
import { type Outcome, run } from "./run.ts";
import type { TemporaryDirectory } from "./temporary.ts";
import { type TinyInputs, writeTinyInputs } from "./tiny_analysis.ts";

/** Runs an analysis of tiny inputs; arguments that come later win. */
export async function analyzeTiny(
  directory: TemporaryDirectory,
  inputs: TinyInputs = {},
  ...args: string[]
): Promise<Outcome> {
  return await run(analyze, [...writeTinyInputs(directory, inputs), ...args]);
}

/**
 * Analyses, and puts the results elsewhere, so that a file system can be mounted in their place.
 *
 * @param args Those of {@linkcode writeTinyInputs}, and others.
 * @returns Where they are; what was their directory is empty.
 */
export async function analyzed(
  args: readonly string[],
  directory: TemporaryDirectory,
): Promise<string> {
  const { code, err } = await run(analyze, args);
  assert.equal(code, 0, err.join("\n"));
  const earlier = `${directory.path}/earlier`;
  await Deno.rename(`${directory.path}/results`, earlier);
  await Deno.mkdir(`${directory.path}/results`);
  return earlier;
}

/** The summary that it wrote. */
export async function summaryIn(directory: TemporaryDirectory): Promise<AnalysisSummary> {
  return await readJson(analysisSummarySchema, `${directory.path}/results/analysis_summary.json`);
}

/** The times that it wrote. */
export async function timesIn(directory: TemporaryDirectory): Promise<AnalysisTimes> {
  return await readJson(analysisTimesSchema, `${directory.path}/results/analysis_times.json`);
}

/** The names of the files that it wrote; none if there is no directory for them. */
export function filesIn(directory: TemporaryDirectory): string[] {
  try {
    return [...Deno.readDirSync(`${directory.path}/results`)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
