/**
 * The analysis from files to files: plan, compute, write.
 *
 * @module
 */
import { type AnalysisOptions, analyzeLayers, planAnalysis, relationRecords } from "./analysis.ts";
import { type DeviceRequest, openDevice } from "./compute/device.ts";
import { prepareDirectory } from "./files/write_whole.ts";
import { type Observer, PhaseClock, SILENT } from "./observer.ts";
import { writeCommonFeatures } from "./results/common_features_file.ts";
import { writeLayerResult } from "./results/layer_result.ts";
import type { AnalysisSummary, LayerSummary, Provenance } from "./results/schemas.ts";
import { writeStatistics } from "./results/statistics_file.ts";
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
  let provenance: Provenance | undefined;
  for await (const result of analyzeLayers(plan, device, clock)) {
    await writeLayerResult(outputDirectory, result);
    await writeStatistics(outputDirectory, result);
    await writeCommonFeatures(outputDirectory, result);
    layers.push(summarizeLayer(result));
    provenance = result.record.provenance;
  }
  clock.stop();

  const summary = summarizeAnalysis(layers, {
    samplesPerRelation: options.samplesPerRelation,
    relations: relationRecords(plan.sample),
    skipped: [...plan.skipped],
    provenance: provenance!, // a plan has at least one layer
    phaseSeconds: clock.seconds,
  });
  await writeSummary(outputDirectory, summary);
  return summary;
}
