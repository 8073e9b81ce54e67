/**
 * The summary of all layers again, as numbers and as a picture, from what is on disk.
 *
 * @module
 */
import { type Observer, SILENT } from "../base/observer.ts";
import { earlierSummaryIn, staleFormats } from "./run_summary.ts";
import { readLayerArray, readLayerRecord } from "../results/layer_result.ts";
import { slotsOf } from "../results/layer_slots.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import { warnOfLackingLetters } from "../pictures/lacking_letters.ts";
import { writeSummaryPicture } from "../pictures/summary_picture.ts";
import type { AnalysisSummary, AnalysisTimes } from "../results/schemas.ts";
import { summarizeDirectory, writeSummary } from "../results/summary_file.ts";
import { readTimesOf } from "../results/times_file.ts";

/**
 * Writes the summary of some layers. The times of the last run stay as they are.
 *
 * @param layers The layers, at least one.
 * @returns What was found, the times of the last run if it was of just these layers, and the paths
 * written.
 * @throws {InputError} If a layer's file is missing or damaged, or the layers are not of one
 * analysis.
 */
export async function regenerateSummary(
  directory: string,
  { layers, pictures }: { layers: readonly number[]; pictures: PictureOptions },
  observer: Observer = SILENT,
): Promise<{ summary: AnalysisSummary; times: AnalysisTimes | undefined; paths: string[] }> {
  const summary = await summarizeDirectory(directory, layers, observer);
  const slots = [];
  for (const layer of summary.layers_analyzed) {
    const record = await readLayerRecord(directory, layer);
    slots.push(slotsOf({ record, means: await readLayerArray(directory, record, "means") }));
  }
  const stale = await staleFormats(directory, await earlierSummaryIn(directory), summary);
  const path = await writeSummary(directory, summary); // first: a picture can be drawn again
  const drawn = await writeSummaryPicture(directory, { summary, slots, options: pictures, stale });
  warnOfLackingLetters(slots.map(({ record }) => record), observer);
  const times = await readTimesOf(directory, summary.layers_analyzed, observer);
  return { summary, times, paths: [...drawn, path] };
}
