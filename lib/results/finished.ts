/**
 * Whether a result on disk is the one that an analysis would give.
 *
 * @module
 */
import { basename } from "node:path";
import { hashFile } from "../files/hash_file.ts";
import { isFileThere } from "../files/look.ts";
import { InputError, messageOf } from "../base/errors.ts";
import { LAYER_FILES, layerPath } from "./file_names.ts";
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
async function damagesOf(
  directory: string,
  { layer, sae, files_sha256 = {} }: LayerRecord,
): Promise<string[]> {
  const absent = sae === "traditional" ? ["slot_activations.npy", "common_features.json"] : [];
  for (const file of LAYER_FILES) {
    if (file === "analysis.json" || absent.includes(file)) continue;
    const path = layerPath(directory, layer, file);
    if (!await isFileThere(path)) return [`${path} is missing`];
    if (await hashFile(path) !== files_sha256[basename(path)]) {
      return [`${path} is not as it was written`];
    }
  }
  return [];
}
