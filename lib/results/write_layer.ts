/**
 * Writes all files of numbers of a layer.
 *
 * @module
 */
import { basename } from "node:path";
import { hashBytes } from "../files/hash_file.ts";
import { jsonText } from "../files/json_writer.ts";
import { removeFile, Staging } from "../files/write_whole.ts";
import { commonFeaturesText } from "./common_features_file.ts";
import {
  LAYER_FILES,
  type LayerFile,
  layerPath,
  picturesOnDisk,
  summaryPaths,
} from "./file_names.ts";
import { arrayFiles, type LayerResult } from "./layer_result.ts";
import type { LayerRecord } from "./schemas.ts";
import { statisticsText } from "./statistics_file.ts";

/**
 * Writes the arrays of a layer, the numbers made of them, and the record that vouches for them.
 *
 * First everything is written under other names, so that a full disk leaves the results of an
 * earlier analysis as they are. Then the old record and the summary of all layers go, the other
 * files are replaced, those that the new result lacks are removed, pictures among them, and the new
 * record comes last: a layer with a record is always of one analysis.
 *
 * @throws {InputError} If a file cannot be written.
 */
export async function writeLayerResult(directory: string, result: LayerResult): Promise<void> {
  const { layer } = result.record;
  const path = (file: LayerFile) => layerPath(directory, layer, file);
  const files = numberFiles(result);
  const hashes = Object.fromEntries(
    [...files].map(([file, content]) => [basename(path(file)), hashBytes(content)]),
  );
  const record: LayerRecord = { ...result.record, files_sha256: hashes };

  await using staging = new Staging();
  for (const [file, content] of files) await staging.add(path(file), content);
  await staging.add(path("analysis.json"), jsonText(record));

  // From here on the summary of an earlier run would speak of other results than there are.
  for (const summary of summaryPaths(directory)) await removeFile(summary);
  await removeFile(path("analysis.json"));
  for (const file of LAYER_FILES) if (!files.has(file)) await removeFile(path(file));
  await removePictures(directory, layer);
  await staging.commit();
}

/**
 * Removes the pictures of a layer, whichever options they were drawn with.
 *
 * @throws {InputError} If one cannot be removed.
 */
export async function removePictures(directory: string, layer: number): Promise<void> {
  for (const picture of await picturesOnDisk(directory, layer)) await removeFile(picture);
}

/** The files that a record vouches for. */
function numberFiles(result: LayerResult): Map<LayerFile, Uint8Array> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const files = arrayFiles(result);
  files.set("statistics.json", encode(statisticsText(result)));
  if (result.record.sae === "supervised") {
    files.set("common_features.json", encode(commonFeaturesText(result)));
  }
  return files;
}
