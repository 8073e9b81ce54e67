/**
 * Whether a result on disk is the one that an analysis would give.
 *
 * @module
 */
import { basename } from "node:path";
import { hashBytes, hashFile } from "../files/hash_file.ts";
import { exists } from "../files/byte_source.ts";
import { InputError } from "../errors.ts";
import { jsonText } from "../files/json_writer.ts";
import { LAYER_FILES, layerPath } from "./file_names.ts";
import { readLayerRecord } from "./layer_result.ts";
import type { LayerRecord } from "./schemas.ts";

/**
 * What the numbers of a layer depend on, as one hash: inputs by their content, options, versions and
 * where it ran. Paths and reasons are no part of it.
 */
export function fingerprint(record: LayerRecord): string {
  const { layer, activation_threshold, relations, checkpoint, provenance } = record;
  const { device, name, language_model, encoder } = provenance.backend;
  return hashBytes(new TextEncoder().encode(jsonText({
    layer,
    activation_threshold,
    relations,
    sae: [checkpoint.encoder_sha256, checkpoint.decoder_sha256],
    inputs: Object.entries(provenance.input_sha256).map(([path, hash]) => [basename(path), hash])
      .sort(),
    deepest_layer: provenance.deepest_layer,
    backend: [device, name, language_model, encoder],
    versions: Object.entries(provenance.versions).sort(),
  })));
}

/**
 * Whether a directory holds the numbers of a layer, undamaged, made of what `expected` says.
 */
export async function isFinished(directory: string, expected: LayerRecord): Promise<boolean> {
  const { layer } = expected;
  if (!await exists(layerPath(directory, layer, "analysis.json"))) return false;
  try {
    const found = await readLayerRecord(directory, layer);
    return fingerprint(found) === fingerprint(expected) && await areWhole(directory, found);
  } catch (error) {
    if (error instanceof InputError) return false; // what cannot be read is made again
    throw error;
  }
}

/** Whether the files that a record vouches for are there, all of them and as they were written. */
async function areWhole(
  directory: string,
  { layer, sae, files_sha256 = {} }: LayerRecord,
): Promise<boolean> {
  const absent = sae === "traditional" ? ["slot_activations.npy", "common_features.json"] : [];
  for (const file of LAYER_FILES) {
    if (file === "analysis.json" || absent.includes(file)) continue;
    const path = layerPath(directory, layer, file);
    if (!await exists(path) || await hashFile(path) !== files_sha256[basename(path)]) return false;
  }
  return true;
}
