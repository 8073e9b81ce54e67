/**
 * The analysis from files to files: plan, compute, write.
 *
 * @module
 */
import {
  type AnalysisOptions,
  type AnalysisPlan,
  analyzeLayers,
  planAnalysis,
} from "./analysis.ts";
import { type ComputeDevice, type DeviceRequest, openDevice } from "./compute/device.ts";
import { hashFile } from "./files/hash_file.ts";
import { prepareDirectory } from "./files/write_whole.ts";
import { type Observer, PhaseClock, SILENT } from "./observer.ts";
import { writeCommonFeatures } from "./results/common_features_file.ts";
import { writeLayerResult } from "./results/layer_result.ts";
import type { AnalysisSummary, LayerSummary, RunRecord } from "./results/schemas.ts";
import { writeStatistics } from "./results/statistics_file.ts";
import { summarizeAnalysis, summarizeLayer, writeSummary } from "./results/summary_file.ts";
import { versions } from "./version.ts";

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
  const hashes = await hashInputs(plan);

  const layers: LayerSummary[] = [];
  let encoder = "";
  for await (const result of analyzeLayers(plan, device, clock)) {
    await writeLayerResult(outputDirectory, result);
    await writeStatistics(outputDirectory, result);
    await writeCommonFeatures(outputDirectory, result);
    layers.push(summarizeLayer(result));
    encoder = result.record.encoder;
  }
  clock.stop();

  const summary = summarizeAnalysis(layers, {
    samplesPerRelation: options.samplesPerRelation,
    relations: plan.sample.relations.map((relation, i) => ({
      ...relation,
      questions: plan.sample.groupSizes[i]!,
    })),
    skipped: [...plan.skipped],
    run: recordRun(options, device, encoder, hashes, clock),
  });
  await writeSummary(outputDirectory, summary);
  return summary;
}

/** The SHA-256 of each input but the SAEs, of which only a part is read. */
async function hashInputs({ model, file }: AnalysisPlan): Promise<Record<string, string>> {
  const paths = [
    `${model.directory}/config.json`,
    `${model.directory}/tokenizer.json`,
    model.weights.path,
  ];
  const hashes: Record<string, string> = { [file.path]: file.sha256 };
  for (const path of paths) hashes[path] = await hashFile(path);
  return hashes;
}

function recordRun(
  options: AnalysisFileOptions,
  device: ComputeDevice,
  encoder: string,
  hashes: Record<string, string>,
  clock: PhaseClock,
): RunRecord {
  const { layers, relations } = options;
  return {
    options: {
      lm_model: options.lmModel,
      sae_dir: options.saeDirectory,
      qa_file: options.questionFile,
      output_dir: options.outputDirectory,
      layers: layers === "all" ? layers : layers.join(","),
      samples_per_relation: options.samplesPerRelation,
      activation_threshold: options.threshold,
      relations: relations ?? null,
      device: options.device,
    },
    backend: {
      device: device.kind,
      name: device.name,
      reason: device.reason,
      language_model: `onnxruntime ${device.runtime.backend}`,
      encoder,
    },
    versions: versions(),
    input_sha256: hashes,
    phase_seconds: clock.seconds,
  };
}
