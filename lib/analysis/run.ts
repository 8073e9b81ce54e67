/**
 * The analysis from files to files: plan, compute, write.
 *
 * @module
 */
import type { PictureOptions } from "../pictures/figure_files.ts";
import { type Observer, PhaseClock, SILENT } from "../base/observer.ts";
import { mapInOrder } from "../base/map_in_order.ts";
import {
  type ComputeDevice,
  describeDevice,
  type DeviceRequest,
  openDevice,
  prepareDevice,
} from "../compute/device.ts";
import { DirectoryLock } from "../files/directory_lock.ts";
import { prepareDirectory, removeLeftovers } from "../files/output_directory.ts";
import { partOf } from "./earlier_layers.ts";
import { layersInOrder } from "./layer.ts";
import { type AnalysisOptions, type AnalysisPlan, planAnalysis } from "./plan.ts";
import { ReadingThreads } from "./reading_threads.ts";
import { reusableLayers } from "./reuse.ts";
import { refuseMisfits } from "./sae_fit.ts";
import { RunResources } from "./run_resources.ts";
import { namesIn } from "../results/file_names.ts";
import { type LayerName, layerText } from "../results/layer_name.ts";
import type { LayerResult } from "../results/layer_result.ts";
import type { AnalysisSummary } from "../results/summary_record.ts";
import { type AnalysisTimes, writeTimes } from "../results/times_file.ts";
import type { SharedStates } from "./shared_states.ts";
import { workOf } from "./work.ts";

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
  /** Whether each feature is measured for itself, and a table of all of them is written. Default: no. */
  readonly statistics?: boolean;
  /** Whether the listed rows of that table are written as CSV, too. Default: no. */
  readonly csv?: boolean;
  /** How many bytes the language model may take. Default: three quarters of what is free. */
  readonly maxMemory?: number | undefined;
  /**
   * How many threads draw pictures while this one computes; it changes no byte of them. Default: one
   * fewer than there are cores, four at most; none on two cores, or where there is little to draw.
   */
  readonly drawingThreads?: number | undefined;
  /**
   * Who reads and checks while this one computes; they stay the caller's. It changes no byte. Default:
   * threads of its own.
   */
  readonly reading?: ReadingThreads | undefined;
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
 * const outputDirectory = "results/example_run";
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
  const clock = new PhaseClock(observer);
  clock.phase("reading inputs");
  prepareDevice(options.device);
  using own = options.reading === undefined ? new ReadingThreads() : undefined;
  const reading = (options.reading ?? own)!;
  const plan = await planAnalysis(options, clock, reading);
  using device = await openDevice(options.device, workOf(plan));
  clock.note(`device: ${describeDevice(device)} (${device.reason})`);
  return await runPlan(plan, device, { ...options, reading }, { clock });
}

/**
 * Computes, writes and draws what a plan says.
 *
 * @param run Who is told, and the states that other plans have in common with this one, if they do.
 * @throws {InputError} As {@linkcode analyzeToFiles} does.
 */
export async function runPlan(
  plan: AnalysisPlan,
  device: ComputeDevice,
  options: AnalysisFileOptions,
  { clock, shared }: { clock: PhaseClock; shared?: SharedStates | undefined },
): Promise<AnalysisOutcome> {
  const { outputDirectory, pictures = {}, force = false, wait = false } = options;
  const { statistics, reading } = options;
  using _directory = await prepareDirectory(outputDirectory);
  using _lock = await DirectoryLock.take(outputDirectory, { wait, observer: clock });
  await removeLeftovers(outputDirectory);
  const reused = force
    ? new Set<LayerName>()
    : await reusableLayers(plan, device, outputDirectory, clock, { statistics, reading });

  // Only here, so that whoever wants no pictures needs no canvas.
  const { numbersOf, writeLayerFiles } = await import("./layer_files.ts");
  const { earlierComparison, writeComparison } = await import("./compare_layers.ts");
  const { DrawingThreads } = await import("../pictures/drawing_threads.ts");
  const there = new Set(await namesIn(outputDirectory));
  const redrawsPdf = there.values().some((name) => name.endsWith(".pdf"));
  const work = { layerCount: plan.checkpoints.length, pictures, redrawsPdf };
  using drawing = new DrawingThreads({ ...work, size: options.drawingThreads });
  for (const layer of reused) clock.done(outputDirectory, numbersOf(layer));
  const before = await earlierComparison(outputDirectory, clock);
  const results = layerResults(plan, device, { reused, options, observer: clock, shared });
  const written = mapInOrder(results, LAYERS_DRAWN_AT_ONCE, async (result) => {
    const isNew = !reused.has(result.record.layer);
    const how = { isNew, pictures, drawing, marksLater: statistics === true };
    await writeLayerFiles(outputDirectory, result, how, clock);
    return partOf(result);
  });
  const compared = await Array.fromAsync(written);
  const summary = await writeComparison(
    outputDirectory,
    { plan, compared, before, pictures },
    clock,
  );
  if (statistics) {
    clock.phase("statistics of all layers");
    const { writeStatistics } = await import("./statistics_files.ts");
    const layers = compared.map(({ summary }) => summary.layer);
    const how = { layers, csv: options.csv, pictures, earlier: there, drawing };
    await writeStatistics(outputDirectory, summary.layers_analyzed, how);
  }
  clock.stop();
  const layers = compared.map(({ summary }) => summary.layer);
  const times = { layers_analyzed: layers, phase_seconds: clock.seconds };
  await writeTimes(outputDirectory, times);
  clock.done(outputDirectory, "all of it", layers.map(layerText));
  return { summary, times };
}

/** The results one after the other, in ascending order, each read or computed when it is asked for. */
async function* layerResults(
  plan: AnalysisPlan,
  device: ComputeDevice,
  {
    reused,
    options: { outputDirectory, maxStateBytes, maxMemory, statistics, reading },
    observer,
    shared,
  }: {
    reused: ReadonlySet<LayerName>;
    options: AnalysisFileOptions;
    observer: Observer;
    shared: SharedStates | undefined;
  },
): AsyncGenerator<LayerResult> {
  const run = {
    observer,
    scratchDirectory: outputDirectory,
    maxStateBytes,
    maxMemory,
    except: reused,
    statistics,
    reading,
    shared,
  };
  await using resources = new RunResources(plan, device, run);
  // All of them, before anything of one is written.
  for (const planned of plan.checkpoints.filter(({ layer }) => !reused.has(layer))) {
    const trial = await resources.trialOf(planned);
    refuseMisfits(planned, trial?.misfits ?? [], plan.options.forceSae);
  }
  if (reused.size > 0) observer.phase("pictures of what is there already");
  yield* layersInOrder(
    resources,
    plan.checkpoints,
    ({ layer }) => reused.has(layer) ? outputDirectory : undefined,
  );
  observer.phase("remaining pictures");
}
