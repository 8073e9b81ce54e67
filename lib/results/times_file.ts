/**
 * `analysis_times.json`: how long a run took. It is the one file that differs between two runs of
 * the same, so that nothing else stands in it.
 *
 * @module
 */
import { z } from "zod";
import { messageOf } from "../base/errors.ts";
import { isFileThere } from "../files/look.ts";
import { readJson, type Schema } from "../files/json.ts";
import { writeJson } from "../files/write_whole.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { timesPath } from "./file_names.ts";
import type { LayerName } from "./layer_name.ts";
import { layers, MAX, named } from "./schema_parts.ts";

/** `analysis_times.json`: how long a run took, apart from what is the same each time. */
export interface AnalysisTimes {
  /** The layers of the run, in order, those included that were there already. */
  layers_analyzed: LayerName[];
  /** How long each phase took, in seconds, in their order. */
  phase_seconds: Record<string, number>;
}

/**
 * The schema of `analysis_times.json`.
 *
 * @example
 * ```ts
 * import { analysisTimesSchema } from "@coact/coact";
 *
 * const text = JSON.stringify(analysisTimesSchema.toJSONSchema()); // for other tools that read analysis_times.json
 * console.log(text.length);
 * ```
 */
export const analysisTimesSchema: Schema<AnalysisTimes> = z.strictObject({
  layers_analyzed: layers,
  phase_seconds: named(z.number().nonnegative().max(MAX.seconds)),
});

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
