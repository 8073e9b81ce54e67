/**
 * Writes all files of a layer.
 *
 * @module
 */
import { removeFile } from "../files/write_whole.ts";
import { writeCommonFeatures } from "./common_features_file.ts";
import { LAYER_FILES, layerPath, picturesOnDisk } from "./file_names.ts";
import { type LayerResult, writeLayerArrays, writeLayerRecord } from "./layer_result.ts";
import { writeStatistics } from "./statistics_file.ts";

/**
 * Writes the arrays of a layer and the numbers made of them. Files of an earlier analysis of the
 * layer, its pictures among them, are removed first, and the record that vouches for the others is written last, so that a layer
 * with a record is always of one analysis.
 *
 * @throws {InputError} If a file cannot be written.
 */
export async function writeLayerResult(directory: string, result: LayerResult): Promise<void> {
  const { layer } = result.record;
  for (const file of LAYER_FILES) await removeFile(layerPath(directory, layer, file));
  for (const picture of await picturesOnDisk(directory, layer)) await removeFile(picture);
  await writeLayerArrays(directory, result);
  await writeStatistics(directory, result);
  await writeCommonFeatures(directory, result);
  await writeLayerRecord(directory, result.record);
}
