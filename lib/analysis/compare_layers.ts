/**
 * All layers compared, as numbers and as a picture: at the end of a run, and again from what is on
 * disk.
 *
 * @module
 */
import { type Observer, SILENT } from "../base/observer.ts";
import { readText } from "../files/read_text.ts";
import { earlierLayers } from "./earlier_layers.ts";
import type { AnalysisPlan } from "./plan/plan.ts";
import { relationRecords } from "./provenance.ts";
import type { DrawingThreads } from "../pictures/drawing_threads.ts";
import type { FigureFile, PictureOptions } from "../pictures/figure_files.ts";
import { warnOfLackingLetters } from "../pictures/lacking_letters.ts";
import {
  type ComparedLayers,
  summaryFormatsOnDisk,
  writeSummaryPicture,
} from "../pictures/summary_picture.ts";
import type { PictureFormat } from "../plot/names.ts";
import { summaryPath } from "../results/file_names.ts";
import { compareLayers, type LayerName } from "../results/layer_name.ts";
import { readLayerRecord } from "../results/layer_result.ts";
import { slotsOf } from "../results/layer_slots.ts";
import type { AnalysisSummary } from "../results/summary_record.ts";
import { type ComparedLayer, readForSummary } from "../results/layer_summary.ts";
import {
  readEarlierSummary,
  summarizeDirectory,
  summaryText,
  writeSummary,
} from "../results/summary_file.ts";
import { mergeSkipped, summarizeAnalysis } from "../results/summarize_analysis.ts";
import { type AnalysisTimes, readTimesOf } from "../results/times_file.ts";

/** What there was of all layers together before. */
export interface EarlierComparison {
  /** The text of its file; undefined if there was none that could be read. */
  readonly text: string | undefined;
  /** What it says; undefined if there was none, or it is damaged. */
  readonly summary: AnalysisSummary | undefined;
  /** The formats of its picture. */
  readonly formats: readonly PictureFormat[];
}

/**
 * Looks at what there is of all layers together.
 *
 * @param observer Warned of a damaged file.
 * @throws {InputError} If the directory cannot be listed.
 */
export async function earlierComparison(
  directory: string,
  observer: Observer = SILENT,
): Promise<EarlierComparison> {
  const text = await readText(summaryPath(directory)).catch(() => undefined);
  const summary = await readEarlierSummary(directory, observer);
  return { text, summary, formats: await summaryFormatsOnDisk(directory) };
}

/** What a comparison is of, and how it is drawn. */
export interface ComparisonOptions {
  /** What was to be analysed. */
  readonly plan: AnalysisPlan;
  /** What there was before the run. */
  readonly before: EarlierComparison;
  /** How its picture is drawn. */
  readonly pictures: PictureOptions;
  /** Who draws it ahead. */
  readonly drawing: DrawingThreads;
}

/** Layers compared, and what is drawn of that already. */
export interface Comparison extends ComparedLayers {
  /** The files of the picture, or some of them. */
  readonly drawn: readonly FigureFile[];
}

/**
 * Compares the layers of a run, and those of earlier runs that belong together with them. The picture is
 * drawn where threads draw. Nothing is written.
 *
 * @param compared The layers of the run, ascending, at least one.
 * @param observer Told which layers of earlier runs are left out, and warned of letters that no
 * font has.
 * @throws {InputError} If the directory cannot be listed, or the picture not be drawn.
 */
export async function compareRun(
  directory: string,
  compared: readonly ComparedLayer[],
  { plan, before, pictures, drawing }: ComparisonOptions,
  observer: Observer = SILENT,
): Promise<Comparison> {
  warnOfLackingLetters(compared.map(({ slots }) => slots.record), observer);
  const relations = relationRecords(plan.sample);
  const run = {
    layers: compared.map(({ summary }) => summary.layer),
    record: compared[0]!.slots.record,
  };
  const all = [...compared, ...await earlierLayers(directory, run, observer)]
    .sort((a, b) => compareLayers(a.summary.layer, b.summary.layer));
  const layers = all.map(({ summary }) => summary);
  const slots = all.map(({ slots }) => slots);
  // What was skipped when other questions were asked is not part of this analysis.
  const isSame = JSON.stringify(before.summary?.relations) === JSON.stringify(relations);
  const summary = summarizeAnalysis(layers, {
    samplesPerRelation: plan.options.samplesPerRelation,
    relations,
    skipped: mergeSkipped(
      plan.skipped,
      isSame ? before.summary!.layers_skipped : [],
      layers.map(({ layer }) => layer),
    ),
    provenances: slots.map(({ record }) => record.provenance),
  });
  const drawn = await drawing.drawSummaryAhead(directory, { summary, slots }, pictures);
  return { summary, slots, drawn };
}

/**
 * Writes the comparison of a run.
 *
 * @throws {InputError} If the picture cannot be drawn, or a file not be written.
 */
export async function writeComparison(
  directory: string,
  comparison: Comparison,
  how: Pick<ComparisonOptions, "before" | "pictures">,
): Promise<AnalysisSummary> {
  await writeFiles(directory, { ...comparison, ...how });
  return comparison.summary;
}

/**
 * Compares layers again, from what is on disk. The times of the last run stay as they are.
 *
 * @param layers The layers, at least one.
 * @returns What was found, the times of the last run if it was of just these layers, and the paths
 * written.
 * @throws {InputError} If a layer's file is missing or damaged, or the layers are not of one
 * analysis.
 */
export async function compareAgain(
  directory: string,
  { layers, pictures }: { layers: readonly LayerName[]; pictures: PictureOptions },
  observer: Observer = SILENT,
): Promise<{ summary: AnalysisSummary; times: AnalysisTimes | undefined; paths: string[] }> {
  const summary = await summarizeDirectory(directory, layers, observer);
  const slots = [];
  for (const layer of summary.layers_analyzed) {
    const record = await readLayerRecord(directory, layer);
    slots.push(slotsOf(await readForSummary(directory, record)));
  }
  const before = await earlierComparison(directory);
  const paths = await writeFiles(directory, { summary, slots, before, pictures });
  warnOfLackingLetters(slots.map(({ record }) => record), observer);
  const times = await readTimesOf(directory, summary.layers_analyzed, observer);
  return { summary, times, paths };
}

/** Writes the file, and then the picture, which can be drawn again; returns their paths. */
async function writeFiles(
  directory: string,
  { before, pictures, ...compared }:
    & ComparedLayers
    & Partial<Comparison>
    & Pick<ComparisonOptions, "before" | "pictures">,
): Promise<string[]> {
  const { summary } = compared;
  const stale = await staleFormats(directory, before, summary);
  const path = await writeSummary(directory, summary);
  const paths = await writeSummaryPicture(directory, { ...compared, options: pictures, stale });
  return [...paths, path];
}

/**
 * The formats in which the picture of all layers shows an earlier summary, or did until it was
 * removed.
 */
async function staleFormats(
  directory: string,
  { text, formats }: EarlierComparison,
  summary: AnalysisSummary,
): Promise<PictureFormat[]> {
  if (text !== summaryText(summary)) return [...formats];
  const there = await summaryFormatsOnDisk(directory);
  return formats.filter((format) => !there.includes(format));
}
