/**
 * The analysis from options to files: plan, compute, write.
 *
 * @module
 */
import { type Observer, PhaseClock, SILENT } from "../base/observer.ts";
import { mapInOrder } from "../base/map_in_order.ts";
import {
  type ComputeDevice,
  describeDevice,
  openDevice,
  prepareDevice,
} from "../compute/device.ts";
import { DirectoryLock } from "../files/directory_lock.ts";
import { prepareDirectory, removeLeftovers } from "../files/output_directory.ts";
import { ReadingThreads } from "../reading/reading_threads.ts";
import { namesIn } from "../files/look.ts";
import { layersDrawnAtOnce } from "../pictures/layers_drawn_at_once.ts";
import { type LayerName, layerText } from "../results/layer_name.ts";
import { type ComparedLayer, comparedPart } from "../results/layer_summary.ts";
import { TableRows } from "../results/table_rows.ts";
import { writeTimes } from "../results/times_file.ts";
import { groupingsOf } from "./groupings.ts";
import { analyzeLayers } from "./layers.ts";
import { type AnalysisPlan, planAnalysis } from "./plan/plan.ts";
import { WeightsLook } from "../lm/weights_look.ts";
import { workOf } from "../lm/work.ts";
import { EncodingThreads } from "../sae/encode/encoding_threads.ts";
import { prepareEncoding } from "../sae/encode/prepare_encoding.ts";
import { reusableLayers } from "./reuse.ts";
import type { AnalysisFileOptions, AnalysisOutcome } from "./run_options.ts";
import { SharedStates } from "./shared_states.ts";
import { KeptTails } from "./statistics/kept_tails.ts";
import type { Comparison } from "./compare_layers.ts";

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
  const [outcome] = await analyzeTogether([options], observer);
  return outcome!;
}

/** What the analysis by one field of labels came to. */
export interface GroupingOutcome extends AnalysisOutcome {
  /** The field; undefined where AlignSAE's relations count. */
  readonly field: string | undefined;
  /** The directory of its results. */
  readonly directory: string;
}

/**
 * Analyses prompts by each of their label fields: one analysis of several, or the only one.
 *
 * @throws {InputError} As {@linkcode analyzeToFiles} does.
 */
export async function analyzeGroupings(
  options: AnalysisFileOptions,
  observer: Observer = SILENT,
): Promise<GroupingOutcome[]> {
  const groupings = groupingsOf(options);
  const outcomes = await analyzeTogether(groupings.map(({ options }) => options), observer);
  return groupings.map(({ field, options }, i) => {
    return { ...outcomes[i]!, field, directory: options.outputDirectory };
  });
}

/** Makes analyses that differ only in how prompts are grouped, with one pass of the model for all. */
async function analyzeTogether(
  analyses: readonly AnalysisFileOptions[],
  observer: Observer,
): Promise<AnalysisOutcome[]> {
  const clock = new PhaseClock(observer);
  clock.phase("reading inputs");
  const { device: wanted, reading: given } = analyses[0]!;
  using _prepared = prepareDevice(wanted);
  using own = given === undefined ? new ReadingThreads() : undefined;
  const reading = (given ?? own)!;
  const plans: AnalysisPlan[] = [];
  for (const options of analyses) {
    // What is said of the file, the model and the SAEs is the same for all.
    plans.push(await planAnalysis(options, plans.length === 0 ? clock : SILENT, reading));
  }
  using shared = plans.length === 1 ? undefined : new SharedStates(plans);
  const { model, checkpoints, deepest } = plans[0]!;
  const sites = [...checkpoints.flatMap(({ neededSites }) => neededSites), deepest];
  using look = WeightsLook.begin(model, sites, wanted);
  using device = await openDevice(wanted, workOf({ ...plans[0]!, ...shared?.shared }), {
    onGpu: (gpu) => {
      prepareEncoding(gpu);
      reading.start();
    },
  });
  clock.note(`device: ${describeDevice(device)} (${device.reason})`);
  // All have them, for a thread that is started when something is to be encoded is late.
  await using encoding = shared && EncodingThreads.forSaes(plans[0]!.checkpoints, device);
  const outcomes: AnalysisOutcome[] = [];
  for (const [i, plan] of plans.entries()) {
    const own = shared === undefined ? clock : new PhaseClock(clock);
    outcomes.push(
      await runPlan(plan, device, { ...analyses[i]!, reading }, {
        clock: own,
        shared,
        encoding,
        look,
      }),
    );
  }
  return outcomes;
}

/**
 * Computes, writes and draws what a plan says.
 *
 * @param run Who is told, the states and the threads that other plans have in common with this one, if they
 * do, and a look at the model's weights that was begun ahead.
 * @throws {InputError} As {@linkcode analyzeToFiles} does.
 */
export async function runPlan(
  plan: AnalysisPlan,
  device: ComputeDevice,
  options: AnalysisFileOptions,
  { clock, shared, encoding, look }: {
    clock: PhaseClock;
    shared?: SharedStates | undefined;
    encoding?: EncodingThreads | undefined;
    look?: WeightsLook | undefined;
  },
): Promise<AnalysisOutcome> {
  const { outputDirectory, pictures = {}, force = false, wait = false, statistics } = options;
  using _directory = await prepareDirectory(outputDirectory);
  using _lock = await DirectoryLock.take(outputDirectory, { wait, observer: clock });
  await removeLeftovers(outputDirectory);
  const reused = force
    ? new Set<LayerName>()
    : await reusableLayers(plan, device, outputDirectory, clock, options);

  // Only here, so that whoever wants no pictures needs no canvas.
  const { writeLayerFiles } = await import("./layer_files.ts");
  const { compareRun, earlierComparison, writeComparison } = await import("./compare_layers.ts");
  const { DrawingThreads } = await import("../pictures/drawing_threads.ts");
  const earlier = new Set(await namesIn(outputDirectory));
  const redrawsPdf = earlier.values().some((name) => name.endsWith(".pdf"));
  const layerCount = plan.checkpoints.length;
  const work = { layerCount, pictures, redrawsPdf, hasStatistics: statistics };
  await using drawing = new DrawingThreads({ ...work, size: options.drawingThreads });
  const before = await earlierComparison(outputDirectory, clock);

  const results = analyzeLayers(plan, device, {
    ...options,
    observer: clock,
    scratchDirectory: outputDirectory,
    reuse: { directory: outputDirectory, layers: reused },
    shared,
    encoding,
    look,
  });
  const tails = new KeptTails();
  using rows = statistics ? new TableRows(rowsOf(plan)) : undefined;
  const last = plan.checkpoints.at(-1)?.layer;
  const compared: ComparedLayer[] = [];
  const compare = () =>
    compareRun(outputDirectory, compared, { plan, before, pictures, drawing }, clock);
  let comparing: Promise<Comparison> | undefined;
  const atOnce = layersDrawnAtOnce(drawing.count, plan, statistics);
  const written = mapInOrder(results, atOnce, async (result) => {
    const { layer } = result.record;
    compared.push(comparedPart(result));
    if (layer === last) {
      clock.phase("remaining pictures");
      rows?.start(); // it is there when the table is made
      // Where threads draw, they draw the picture of all layers beside those of the last ones.
      if (drawing.count > 0) comparing = compare();
      comparing?.catch(() => {}); // it is thrown when it is awaited
    }
    const how = { isNew: !reused.has(layer), pictures, drawing, marksLater: statistics === true };
    await writeLayerFiles(outputDirectory, result, how, clock);
    tails.keep(result);
    return layer;
  });
  const all = Array.fromAsync(written);
  drawing.start(); // the language model is computed meanwhile
  const layers = await all;
  const comparison = await (comparing ?? compare());
  const summary = await writeComparison(outputDirectory, comparison, { before, pictures });
  if (statistics) {
    clock.phase("statistics of all layers");
    const { writeStatistics } = await import("./statistics/statistics_files.ts");
    const how = { layers, csv: options.csv, known: tails.known, rows, pictures, earlier, drawing };
    await writeStatistics(outputDirectory, summary.layers_analyzed, how);
  }
  clock.stop();
  const times = { layers_analyzed: layers, phase_seconds: clock.seconds };
  await writeTimes(outputDirectory, times);
  clock.done(outputDirectory, "all of it", layers.map(layerText));
  return { summary, times };
}

/** How many rows the table of a plan's statistics has. */
function rowsOf({ checkpoints, sample: { groupSizes } }: AnalysisPlan): number {
  return checkpoints.reduce((sum, { shape }) => sum + shape.featureCount * groupSizes.length, 0);
}
