/**
 * `analysis_times.json`: how long a run took. It is the one file that differs between two runs of
 * the same, so that nothing else stands in it.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import { isFileThere } from "../files/look.ts";
import { readJson } from "../files/json.ts";
import { writeJson } from "../files/write_whole.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { timesPath } from "./file_names.ts";
import type { LayerName } from "./layer_name.ts";
import { type AnalysisTimes, analysisTimesSchema } from "./schemas.ts";

/** The longest file that is read, in bytes: that of a thousand layers has a tenth. */
const MAX_TIMES_BYTES = 2 ** 16;

/** Writes the times, whole or not at all. */
export async function writeTimes(directory: string, times: AnalysisTimes): Promise<void> {
  await writeJson(timesPath(directory), times);
}

/**
 * The times of the last run in a directory, if it was of just these layers.
 *
 * @param observer Warned of a file that is damaged: times are no reason to stop.
 * @throws {InputError} If the directory cannot be read.
 */
export async function readTimesOf(
  directory: string,
  layers: readonly LayerName[],
  observer: Observer = SILENT,
): Promise<AnalysisTimes | undefined> {
  const path = timesPath(directory);
  try {
    if (!await isFileThere(path)) return undefined;
    const times = await readJson(analysisTimesSchema, path, MAX_TIMES_BYTES);
    return times.layers_analyzed.join() === layers.join() ? times : undefined;
  } catch (error) {
    observer.warn(`${messageOf(error)}; how long the analysis took is not known`);
    return undefined;
  }
}
