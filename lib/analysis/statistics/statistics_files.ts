/**
 * What is written at the end of a run with statistics, when q is known: the table of all features, and the
 * pictures that mark discoveries. Each layer is read once for both.
 *
 * @module
 */
import type { LayerName } from "../../results/layer_name.ts";
import { selectivityProblem } from "../../results/read_selectivity.ts";
import { type KnownTails, writeSelectivityTable } from "../../results/selectivity_table.ts";
import { TABLE_NAMES } from "../../results/table_names.ts";
import type { TableRows } from "../../results/table_rows.ts";
import { type StatisticsDrawing, StatisticsPictures } from "./statistics_pictures.ts";

/** What is to be written. */
export interface StatisticsOptions extends StatisticsDrawing {
  /** Whether the listed rows of the table are written as CSV, too. Default: if they were there before the run. */
  readonly csv?: boolean | undefined;
  /** What of the layers is in memory still. Default: nothing. */
  readonly known?: KnownTails | undefined;
  /** What makes the rows of the table; the caller closes it. Default: what is opened for it. */
  readonly rows?: TableRows | undefined;
}

/**
 * Writes the table of the layers that were measured, and their pictures.
 *
 * @param layers All layers that the summary covers, ascending: those of earlier runs, too.
 * @throws {InputError} If a file is damaged, or cannot be written.
 */
export async function writeStatistics(
  directory: string,
  layers: readonly LayerName[],
  { csv: isAsked = false, known, rows, ...how }: StatisticsOptions,
): Promise<void> {
  const csv = isAsked || how.earlier.has(TABLE_NAMES.csv); // it would be of another table than that beside it
  const measured: LayerName[] = [];
  for (const layer of layers) {
    // Those of this run were written by it, or looked at before it.
    const isOfRun = how.layers.includes(layer);
    if (isOfRun || await selectivityProblem(directory, layer) === undefined) measured.push(layer);
  }
  const pictures = new StatisticsPictures(directory, how);
  const also = pictures.draw.bind(pictures);
  await writeSelectivityTable(directory, measured, { csv, also, known, rows });
  await pictures.finish();
}
