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
import { mapInOrder } from "./map_in_order.ts";
import { summaryPaths } from "./results/file_names.ts";
import type { LayerSlots, PictureOptions } from "./results/picture_files.ts";
import type { AnalysisSummary, LayerSummary } from "./results/schemas.ts";
import { writeLayerResult } from "./results/write_layer.ts";
import { summarizeAnalysis, summarizeLayer, writeSummary } from "./results/summary_file.ts";

/** What is to be analysed, where to compute, and where the results go. */
export interface AnalysisFileOptions extends AnalysisOptions {
  /** Where to compute. */
  readonly device: DeviceRequest;
  /** The directory for the results; it is made if it does not exist. */
  readonly outputDirectory: string;
  /** How the pictures are drawn. Default: each as it is drawn by default. */
  readonly pictures?: PictureOptions;
}

/** How many layers are written and drawn at a time, while the next one is computed. */
const LAYERS_DRAWN_AT_ONCE = 2;

/**
 * Analyses all layers asked for, writes every file of numbers and draws every picture. Each file is
 * written whole or not at all, the summary last.
 *
 * @returns The summary.
 * @throws {InputError} If an input is missing, damaged or unfit, or a file cannot be written.
 */
export async function analyzeToFiles(
  options: AnalysisFileOptions,
  observer: Observer = SILENT,
): Promise<AnalysisSummary> {
  const { outputDirectory, pictures = {} } = options;
  const clock = new PhaseClock(observer);
  clock.phase("reading inputs");
  const plan = await planAnalysis(options, clock);
  using device = await openDevice(options.device);
  clock.note(`device: ${device.name} (${device.reason})`);
  await prepareDirectory(outputDirectory);

  const { slotsOf, writeLayerPictures, writeSummaryPicture } = await import(
    "./results/picture_files.ts"
  );
  async function* results() {
    yield* analyzeLayers(plan, device, { observer: clock, scratchDirectory: outputDirectory });
    clock.phase("remaining pictures");
  }
  const done: { layer: LayerSummary; slots: LayerSlots }[] = [];
  const written = mapInOrder(results(), LAYERS_DRAWN_AT_ONCE, async (result) => {
    // From here on the summary of an earlier run would speak of other results than there are.
    for (const path of summaryPaths(outputDirectory)) await removeFile(path);
    await writeLayerResult(outputDirectory, result);
    await writeLayerPictures(outputDirectory, result, pictures);
    return { layer: summarizeLayer(result), slots: slotsOf(result) };
  });
  for await (const each of written) done.push(each);

  const summarized = summarizeAnalysis(done.map(({ layer }) => layer), {
    samplesPerRelation: options.samplesPerRelation,
    relations: relationRecords(plan.sample),
    skipped: [...plan.skipped],
    provenances: done.map(({ slots }) => slots.record.provenance),
    phaseSeconds: {},
  });
  const slots = done.map(({ slots }) => slots);
  await writeSummaryPicture(outputDirectory, {
    summary: summarized,
    slots,
    options: pictures,
  });
  clock.stop();
  const summary = { ...summarized, phase_seconds: clock.seconds };
  await writeSummary(outputDirectory, summary);
  return summary;
}
