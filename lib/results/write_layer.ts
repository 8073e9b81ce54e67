/**
 * Writes all files of numbers of a layer.
 *
 * @module
 */
import { basename } from "node:path";
import { hashBytes } from "../files/hash_file.ts";
import { jsonText } from "../files/json_writer.ts";
import { removeFile, Staging } from "../files/write_whole.ts";
import { isMadeOf } from "./artifact.ts";
import { activationSums, sumsBytes } from "./artifacts/activation_sums.ts";
import { ARRAYS, NUMBERS, RECORD, TABLES } from "./artifacts/all.ts";
import { toFile } from "./file_counts.ts";
import { layerPath, summaryPath, timesPath } from "./file_names.ts";
import type { LayerResult } from "./layer_result.ts";
import { npyBytes } from "./npy_file.ts";
import type { LayerRecord } from "./layer_record.ts";
import { tableText } from "./table_file.ts";

/**
 * Writes the arrays of a layer, the numbers made of them, and the record that vouches for them.
 *
 * First everything is written under other names, so that a full disk leaves the results of an
 * earlier analysis as they are. Then the old record and the summary of all layers go, the other
 * files are replaced, those that the new result lacks are removed, pictures among them, and the new
 * record comes last: a layer with a record is always of one analysis.
 *
 * @param pictures The paths of the pictures that show earlier numbers, of the layer or of all layers;
 * they are removed if they are there. Default: none.
 * @throws {InputError} If a file cannot be written.
 */
export async function writeLayerResult(
  directory: string,
  result: LayerResult,
  pictures: readonly string[] = [],
): Promise<void> {
  const path = (file: string) => layerPath(directory, result.record.layer, file);
  const files = numberFiles(result);
  const hashes = Object.fromEntries(
    [...files].map(([file, content]) => [basename(path(file)), hashBytes(content)]),
  );
  const record: LayerRecord = { ...result.record, files_sha256: hashes };

  await using staging = new Staging();
  for (const [file, content] of files) await staging.add(path(file), content);
  await staging.add(path(RECORD.file), jsonText(toFile(record)));

  // From here on the summary of an earlier run would speak of other results than there are.
  for (const summary of [summaryPath, timesPath]) await removeFile(summary(directory));
  await removeFile(path(RECORD.file));
  for (const { file } of [...NUMBERS, activationSums]) {
    if (!files.has(file)) await removeFile(path(file));
  }
  for (const picture of pictures) await removeFile(picture);
  await staging.commit();
}

/** The files that a record vouches for, by their names without the layer. */
function numberFiles(result: LayerResult): Map<string, Uint8Array> {
  const { record } = result;
  const files = new Map<string, Uint8Array>();
  for (const name of Object.keys(ARRAYS) as (keyof typeof ARRAYS)[]) {
    const array = ARRAYS[name];
    if (isMadeOf(array, record)) files.set(array.file, npyBytes(result[name], array.shape(record)));
  }
  for (const table of TABLES.filter((each) => isMadeOf(each, record))) {
    files.set(table.file, new TextEncoder().encode(tableText(table, result)));
  }
  const sums = result.sums && sumsBytes(result.sums, record);
  if (sums !== undefined) files.set(activationSums.file, sums);
  return files;
}
