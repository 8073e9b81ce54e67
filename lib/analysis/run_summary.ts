/**
 * The summary of all layers at the end of a run: of its layers, and of those of earlier runs that
 * belong together with them.
 *
 * @module
 */
import type { AnalysisPlan } from "./plan.ts";
import { readText } from "../files/read_text.ts";
import { jsonText } from "../files/json_writer.ts";
import { type ComparedLayer, layersBeside } from "./layers_beside.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import { summaryFormatsOnDisk, writeSummaryPicture } from "../pictures/summary_picture.ts";
import type { PictureFormat } from "../plot/names.ts";
import { relationRecords } from "./provenance.ts";
import { summaryPath } from "../results/file_names.ts";
import type { AnalysisSummary } from "../results/schemas.ts";
import {
  mergeSkipped,
  readEarlierSummary,
  summarizeAnalysis,
  writeSummary,
} from "../results/summary_file.ts";

/** What there was of all layers together before a run. */
export interface EarlierSummary {
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
export async function earlierSummaryIn(
  directory: string,
  observer: Observer = SILENT,
): Promise<EarlierSummary> {
  const text = await readText(summaryPath(directory)).catch(() => undefined);
  const summary = await readEarlierSummary(directory, observer);
  return { text, summary, formats: await summaryFormatsOnDisk(directory) };
}

/**
 * Writes the summary of all layers, as a file and as a picture.
 *
 * @param compared The layers of the run, ascending, at least one.
 * @param before What there was before the run.
 * @param observer Told which layers of earlier runs are left out.
 * @throws {InputError} If a file cannot be written.
 */
export async function writeRunSummary(
  directory: string,
  { plan, compared, before, pictures }: {
    plan: AnalysisPlan;
    compared: readonly ComparedLayer[];
    before: EarlierSummary;
    pictures: PictureOptions;
  },
  observer: Observer = SILENT,
): Promise<AnalysisSummary> {
  const relations = relationRecords(plan.sample);
  const run = {
    layers: compared.map(({ summary }) => summary.layer),
    record: compared[0]!.slots.record,
  };
  const all = [...compared, ...await layersBeside(directory, run, observer)]
    .sort((a, b) => a.summary.layer - b.summary.layer);
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
  const stale = await staleFormats(directory, before, summary);
  await writeSummary(directory, summary);
  await writeSummaryPicture(directory, { summary, slots, options: pictures, stale });
  return summary;
}

/**
 * The formats in which the picture of all layers shows an earlier summary, or did until it was
 * removed.
 *
 * @throws {InputError} If the directory cannot be listed.
 */
export async function staleFormats(
  directory: string,
  { text, formats }: EarlierSummary,
  summary: AnalysisSummary,
): Promise<PictureFormat[]> {
  if (text !== jsonText(summary)) return [...formats];
  const there = await summaryFormatsOnDisk(directory);
  return formats.filter((format) => !there.includes(format));
}
