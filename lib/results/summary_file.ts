/**
 * `analysis_summary.json`: the layers compared, and what the run was made of.
 *
 * @module
 */
import { type Observer, SILENT } from "../base/observer.ts";
import { InputError, messageOf } from "../base/errors.ts";
import { isFileThere } from "../files/look.ts";
import { readJson } from "../files/json.ts";
import { jsonText } from "../files/json_writer.ts";
import { writeWhole } from "../files/write_whole.ts";
import { RECORD } from "./artifacts/all.ts";
import { layerPath, summaryPath } from "./file_names.ts";
import type { LayerName } from "./layer_name.ts";
import type { LayerRecord } from "./layer_record.ts";
import { readLayerRecord } from "./layer_result.ts";
import { readForSummary, summarizeLayer } from "./layer_summary.ts";
import { checkSameAnalysis } from "./same_analysis.ts";
import { mergeSkipped, summarizeAnalysis } from "./summarize_analysis.ts";
import {
  type AnalysisSummary,
  analysisSummarySchema,
  type LayerSummary,
  summaryForFile,
} from "./summary_record.ts";

/** Writes the summary, whole or not at all. */
export async function writeSummary(directory: string, summary: AnalysisSummary): Promise<string> {
  const path = summaryPath(directory);
  await writeWhole(path, summaryText(summary));
  return path;
}

/** The text of a summary's file. */
export function summaryText(summary: AnalysisSummary): string {
  return jsonText(summaryForFile(summary));
}

/**
 * Puts the summary together from what is on disk. What only a run itself knew, the layers that it
 * skipped, is taken from the summary that is there.
 *
 * @param layers The layers, at least one.
 * @throws {InputError} If a file is missing or damaged, or the layers are not of one analysis.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyzeToFiles, summarizeDirectory } from "@coact/coact";
 *
 * const outputDirectory = "results/example_summary";
 * await analyzeToFiles({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   outputDirectory,
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 *   device: "auto",
 *   pictures: { dpi: 20 },
 * });
 * const { layers } = await summarizeDirectory(outputDirectory, [6]);
 * assert.equal(layers[0]?.layer, 6);
 * ```
 */
export async function summarizeDirectory(
  directory: string,
  layers: readonly LayerName[],
  observer: Observer = SILENT,
): Promise<AnalysisSummary> {
  const records: LayerRecord[] = [];
  const summaries: LayerSummary[] = [];
  for (const layer of layers) records.push(await readLayerRecord(directory, layer));
  checkSameAnalysis(directory, records);
  for (const record of records) {
    summaries.push(summarizeLayer(await readForSummary(directory, record)));
  }
  const earlier = await readEarlierSummary(directory, observer);
  return summarizeAnalysis(summaries, {
    samplesPerRelation: samplesOf(directory, records[0]!),
    relations: records[0]!.relations,
    skipped: mergeSkipped([], earlier?.layers_skipped ?? [], layers),
    provenances: records.map(({ provenance }) => provenance),
  });
}

/** How many questions of each relation an analysis was asked for. */
function samplesOf(directory: string, { layer, provenance }: LayerRecord): number {
  const asked = provenance.options.samples_per_relation;
  if (typeof asked === "number" && Number.isSafeInteger(asked) && asked > 0) return asked;
  throw new InputError(
    `${layerPath(directory, layer, RECORD.file)}: provenance.options.samples_per_relation is ` +
      `${JSON.stringify(asked)}, expected a whole number of at least 1`,
  );
}

/**
 * The summary that is there. It is about to be made again, so that a damaged one is no reason to
 * stop.
 *
 * @param observer Warned of a damaged one.
 */
export async function readEarlierSummary(
  directory: string,
  observer: Observer = SILENT,
): Promise<AnalysisSummary | undefined> {
  try {
    if (!await isFileThere(summaryPath(directory))) return undefined;
    return await readSummary(directory);
  } catch (error) {
    observer.warn(`${messageOf(error)}; what it said of skipped layers is lost`);
    return undefined;
  }
}

/**
 * Reads the summary of an earlier run.
 *
 * @throws {InputError} If it is missing or damaged.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyzeToFiles, readSummary } from "@coact/coact";
 *
 * const outputDirectory = "results/example_read_summary";
 * await analyzeToFiles({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   outputDirectory,
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 *   device: "auto",
 *   pictures: { dpi: 20 },
 * });
 * const { layers_analyzed } = await readSummary(outputDirectory);
 * assert.deepEqual(layers_analyzed, [6]);
 * ```
 */
export async function readSummary(directory: string): Promise<AnalysisSummary> {
  return await readJson(analysisSummarySchema, summaryPath(directory));
}
