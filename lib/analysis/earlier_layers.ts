/**
 * The layers of earlier runs that are compared with those of a run.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { layersOnDisk } from "../results/file_names.ts";
import { readLayerRecord } from "../results/layer_result.ts";
import { differenceOf } from "../results/same_analysis.ts";
import { type LayerName, layersText, layerText } from "../results/layer_name.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import { type ComparedLayer, comparedPart, readForSummary } from "../results/layer_summary.ts";

/**
 * The layers of earlier runs that belong together with those of a run.
 *
 * @param run The layers of the run, and the record of one of them.
 * @param observer Told which layers are left out, and why.
 * @throws {InputError} If the directory cannot be listed.
 */
export async function earlierLayers(
  directory: string,
  run: { layers: readonly LayerName[]; record: LayerRecord },
  observer: Observer = SILENT,
): Promise<ComparedLayer[]> {
  const compared: ComparedLayer[] = [];
  const leftOut = new Map<string, LayerName[]>();
  for (const layer of await layersOnDisk(directory)) {
    if (run.layers.includes(layer)) continue;
    try {
      const record = await readLayerRecord(directory, layer);
      const difference = differenceOf(run.record, record);
      if (difference !== undefined) {
        leftOut.getOrInsert(difference, []).push(layer);
        continue;
      }
      compared.push(comparedPart(await readForSummary(directory, record)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      observer.warn(
        `${layerText(layer)} of an earlier run is not in the summary: ${messageOf(error)}`,
        error.advice,
      );
    }
  }
  for (const [difference, layers] of leftOut) {
    observer.note(
      `${layersText(layers)} of an earlier run ${layers.length === 1 ? "is" : "are"} not ` +
        `in the summary: analysed with other ${difference}`,
    );
  }
  return compared;
}
