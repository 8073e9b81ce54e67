/**
 * The analysis from files to files: plan, compute, write.
 *
 * @module
 */
import { basename } from "node:path";
import { type AnalysisRun, analyzeLayers } from "./layers.ts";
import { type AnalysisOptions, type AnalysisPlan, planAnalysis } from "./plan.ts";
import {
  type ComputeDevice,
  describeDevice,
  type DeviceRequest,
  openDevice,
} from "../compute/device.ts";
import { DirectoryLock } from "../files/directory_lock.ts";
import { prepareDirectory, removeLeftovers } from "../files/write_whole.ts";
import { type Observer, PhaseClock, SILENT } from "../base/observer.ts";
import { finishedLayers } from "./finished_layers.ts";
import type { ComparedLayer } from "./layers_beside.ts";
import { warnOfMismatch } from "./layer_mismatch.ts";
import { mapInOrder } from "../base/map_in_order.ts";
import { type LayerResult, readLayerResult } from "../results/layer_result.ts";
import { slotsOf } from "../results/layer_slots.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import type { AnalysisSummary, AnalysisTimes } from "../results/schemas.ts";
import { writeLayerResult } from "../results/write_layer.ts";
import { summarizeLayer } from "../results/summary_file.ts";
import { writeTimes } from "../results/times_file.ts";

/** What is to be analysed, where to compute, and where the results go. */
export interface AnalysisFileOptions extends AnalysisOptions {
  /** Where to compute. */
  readonly device: DeviceRequest;
  /** The directory for the results; it is made if it does not exist. */
  readonly outputDirectory: string;
  /** How the pictures are drawn. Default: each as it is drawn by default. */
  readonly pictures?: PictureOptions;
  /** Whether layers are analysed again whose results are there already. Default: no. */
  readonly force?: boolean;
  /** Whether to wait for another run that writes to the directory. Default: no. */
  readonly wait?: boolean;
  /** How many bytes of hidden states stay in memory. Default: 128 MiB; more lie in a file. */
  readonly maxStateBytes?: number;
}

/** What an analysis came to. */
export interface AnalysisOutcome {
  /** What stands in `analysis_summary.json`. */
  readonly summary: AnalysisSummary;
  /** What stands in `analysis_times.json`: it names the layers of this run alone. */
  readonly times: AnalysisTimes;
}

/** How many layers are written and drawn at a time, while the next one is computed. */
const LAYERS_DRAWN_AT_ONCE = 2;

/**
 * Analyses all layers asked for, writes every file of numbers and draws every picture. Each file is
 * written whole or not at all, those of all layers last. Layers whose numbers are there already, made of the
 * same, are not computed again. Pictures in other formats stay, or are drawn again if their numbers
 * have changed; the summary covers the layers of earlier runs, too, that belong together with these.
 *
 * @returns The summary, and how long it took.
 * @throws {InputError} If an input is missing, damaged or unfit, or a file cannot be written.
 *
 * @example
 * ```ts
 * import { analyzeToFiles } from "@coact/coact";
 *
 * const outputDirectory = "results/example";
 * const { summary } = await analyzeToFiles({
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
 * console.log(summary.layers_analyzed, [...Deno.readDirSync(outputDirectory)].length, "files");
 * ```
 */
export async function analyzeToFiles(
  options: AnalysisFileOptions,
  observer: Observer = SILENT,
): Promise<AnalysisOutcome> {
  const { outputDirectory, pictures = {}, force = false, wait = false } = options;
  const clock = new PhaseClock(observer);
  clock.phase("reading inputs");
  const plan = await planAnalysis(options, clock);
  using device = await openDevice(options.device);
  clock.note(`device: ${describeDevice(device)} (${device.reason})`);
  await prepareDirectory(outputDirectory);
  using _lock = await DirectoryLock.take(outputDirectory, { wait, observer: clock });
  await removeLeftovers(outputDirectory);
  const finished = force
    ? new Set<number>()
    : await finishedLayers(plan, device, outputDirectory, clock);
  noteFinished(finished, clock);

  // Only here, so that whoever wants no pictures needs no canvas.
  const { writeLayerPictures } = await import("../pictures/layer_pictures.ts");
  const { picturesOnDisk } = await import("../pictures/picture_files.ts");
  const { summaryPicturePaths } = await import("../pictures/summary_picture.ts");
  const { redrawPictures } = await import("../pictures/stale_pictures.ts");
  const { warnOfLackingLetters } = await import("../pictures/lacking_letters.ts");
  const { earlierSummaryIn, writeRunSummary } = await import("./run_summary.ts");
  const numbersOf = (layer: number) => `numbers of layer ${layer}`;
  for (const layer of finished) clock.done(outputDirectory, numbersOf(layer));
  const before = await earlierSummaryIn(outputDirectory, clock);
  const results = layerResults(plan, device, {
    observer: clock,
    scratchDirectory: outputDirectory,
    maxStateBytes: options.maxStateBytes,
    except: finished,
  });
  const compared: ComparedLayer[] = [];
  const written = mapInOrder(results, LAYERS_DRAWN_AT_ONCE, async (result) => {
    const { layer } = result.record;
    // Pictures of numbers that stay are not touched, but for those asked for.
    const old = finished.has(layer) ? [] : await picturesOnDisk(outputDirectory, layer);
    if (!finished.has(layer)) {
      const stale = [...old.map(({ path }) => path), ...summaryPicturePaths(outputDirectory)];
      await writeLayerResult(outputDirectory, result, stale);
    }
    clock.done(outputDirectory, numbersOf(layer));
    await writeLayerPictures(outputDirectory, result, pictures);
    const redraw = { options: pictures, earlier: old };
    noteGone(layer, await redrawPictures(outputDirectory, result, redraw), clock);
    clock.done(outputDirectory, `layer ${layer}`, [numbersOf(layer)]);
    return result;
  });
  for await (const result of written) {
    compared.push({ summary: summarizeLayer(result), slots: slotsOf(result) });
  }

  warnOfLackingLetters(compared.map(({ slots }) => slots.record), clock);

  const summary = await writeRunSummary(
    outputDirectory,
    { plan, compared, before, pictures },
    clock,
  );
  clock.stop();
  const layers = compared.map(({ summary }) => summary.layer);
  const times = { layers_analyzed: layers, phase_seconds: clock.seconds };
  await writeTimes(outputDirectory, times);
  clock.done(outputDirectory, "all of it", layers.map((layer) => `layer ${layer}`));
  return { summary, times };
}

/** The results of all layers in ascending order: those on disk, and those computed now. */
async function* layerResults(
  plan: AnalysisPlan,
  device: ComputeDevice,
  run: AnalysisRun & { observer: Observer; scratchDirectory: string },
): AsyncGenerator<LayerResult> {
  const { observer, scratchDirectory: outputDirectory } = run;
  const finished = run.except ?? new Set<number>();
  const computed = analyzeLayers(plan, device, run);
  if (finished.size > 0) observer.phase("pictures of what is there already");
  try {
    for (const { layer } of plan.checkpoints) {
      if (finished.has(layer)) {
        const result = await readLayerResult(outputDirectory, layer);
        warnOfMismatch(result.record, observer);
        yield result;
      } else {
        const next = await computed.next();
        if (!next.done) yield next.value;
      }
    }
    await computed.next(); // so that it says that it is done
  } finally {
    await computed.return(undefined); // it gives back what it holds, even if nobody wants the rest
  }
  observer.phase("remaining pictures");
}

/** A layer whose SAE is another one now may lack what a picture showed. */
function noteGone(layer: number, gone: readonly string[], observer: Observer): void {
  if (gone.length === 0) return;
  observer.note(
    `layer ${layer}: removed, for it has no such picture any more: ` +
      gone.map((path) => basename(path)).join(", "),
  );
}

function noteFinished(finished: ReadonlySet<number>, observer: Observer): void {
  if (finished.size === 0) return;
  observer.note(
    `${finished.size === 1 ? "layer" : "layers"} ${[...finished].join(", ")}: the results are ` +
      "there already, of the same inputs and options, and are not computed again",
    { kind: "force" },
  );
}
