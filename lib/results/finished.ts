/**
 * Whether a result on disk is the one that an analysis would give.
 *
 * @module
 */
import { basename } from "node:path";
import { hashFile } from "../files/hash_file.ts";
import { isFileThere } from "../files/look.ts";
import { InputError, messageOf } from "../base/errors.ts";
import { isMadeOf } from "./artifact.ts";
import { NUMBERS } from "./artifacts/all.ts";
import { layerPath } from "./file_names.ts";
import { changesBetween } from "./fingerprint.ts";
import { readLayerRecord } from "./layer_result.ts";
import type { LayerRecord } from "./schemas.ts";

/**
 * Why the numbers of a layer that a directory holds are not those, undamaged, that an analysis
 * would give.
 *
 * @param expected What they would be made of.
 * @returns The reasons, in phrases; none if they are those.
 */
export async function reasonsToCompute(
  directory: string,
  expected: LayerRecord,
): Promise<string[]> {
  try {
    const found = await readLayerRecord(directory, expected.layer);
    const changes = changesBetween(found, expected);
    return changes.length > 0 ? changes : await damagesOf(directory, found);
  } catch (error) {
    if (error instanceof InputError) return [messageOf(error)]; // it is made again
    throw error;
  }
}

/** What is wrong with the files that a record vouches for. */
async function damagesOf(directory: string, record: LayerRecord): Promise<string[]> {
  const { layer, files_sha256 = {} } = record;
  for (const { file } of NUMBERS.filter((each) => isMadeOf(each, record))) {
    const path = layerPath(directory, layer, file);
    if (!await isFileThere(path)) return [`${path} is missing`];
    if (await hashFile(path) !== files_sha256[basename(path)]) {
      return [`${path} is not as it was written`];
    }
  }
  return [];
}
