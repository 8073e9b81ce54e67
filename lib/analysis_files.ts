/**
 * The analysis from files to files: plan, compute, write.
 *
 * @module
 */
import { analyzeLayers, relationRecords } from "./analysis.ts";
import { type AnalysisOptions, planAnalysis } from "./analysis_plan.ts";
import { type DeviceRequest, openDevice } from "./compute/device.ts";
import { prepareDirectory, removeFile } from "./files/write_whole.ts";
import { type Observer, PhaseClock, SILENT } from "./observer.ts";
import { summaryPath } from "./results/file_names.ts";
import type { AnalysisSummary, LayerSummary, Provenance } from "./results/schemas.ts";
import { writeLayerResult } from "./results/write_layer.ts";
import { summarizeAnalysis, summarizeLayer, writeSummary } from "./results/summary_file.ts";

/** What is to be analysed, where to compute, and where the results go. */
export interface AnalysisFileOptions extends AnalysisOptions {
  /** Where to compute. */
  readonly device: DeviceRequest;
  /** The directory for the results; it is made if it does not exist. */
  readonly outputDirectory: string;
}

/**
 * Analyses all layers asked for and writes every file of numbers. Each file is written whole or not
 * at all, the summary last.
 *
 * @returns The summary.
 * @throws {InputError} If an input is missing, damaged or unfit, or a file cannot be written.
 */
export async function analyzeToFiles(
  options: AnalysisFileOptions,
  observer: Observer = SILENT,
): Promise<AnalysisSummary> {
  const { outputDirectory } = options;
  const clock = new PhaseClock(observer);
  clock.phase("reading inputs");
  const plan = await planAnalysis(options, clock);
  using device = await openDevice(options.device);
  clock.note(`device: ${device.name} (${device.reason})`);
  await prepareDirectory(outputDirectory);

  const layers: LayerSummary[] = [];
  const provenances: Provenance[] = [];
  const run = { observer: clock, scratchDirectory: outputDirectory };
  for await (const result of analyzeLayers(plan, device, run)) {
    // From here on the summary of an earlier run would speak of other results than there are.
    if (layers.length === 0) await removeFile(summaryPath(outputDirectory));
    await writeLayerResult(outputDirectory, result);
    layers.push(summarizeLayer(result));
    provenances.push(result.record.provenance);
  }
  clock.stop();

  const summary = summarizeAnalysis(layers, {
    samplesPerRelation: options.samplesPerRelation,
    relations: relationRecords(plan.sample),
    skipped: [...plan.skipped],
    provenances,
    phaseSeconds: clock.seconds,
  });
  await writeSummary(outputDirectory, summary);
  return summary;
}
