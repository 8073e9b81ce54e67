/**
 * What the result files are called.
 *
 * @module
 */
import { unreadable } from "../files/byte_source.ts";

/** The files of a layer, by what they hold. */
export const LAYER_FILES = [
  "analysis.json",
  "activation_matrix.npy",
  "activation_maxima.npy",
  "consistency.npy",
  "slot_activations.npy",
  "questions.npy",
  "statistics.json",
  "common_features.json",
] as const;

/** A file of a layer. */
export type LayerFile = (typeof LAYER_FILES)[number];

/** The path of a layer's file: `layer06_statistics.json`. */
export function layerPath(directory: string, layer: number, file: LayerFile): string {
  return `${directory}/layer${String(layer).padStart(2, "0")}_${file}`;
}

/** The path of the summary of all layers. */
export function summaryPath(directory: string): string {
  return `${directory}/analysis_summary.json`;
}

/**
 * The layers of which a directory holds an analysis, ascending.
 *
 * @returns None if the directory does not exist.
 * @throws {InputError} If it cannot be listed.
 */
export async function layersOnDisk(directory: string): Promise<number[]> {
  return await layersWith(directory, /^layer(\d{2,})_analysis\.json$/);
}

/**
 * The layers of which a directory holds files but no analysis, ascending: they cannot be used.
 *
 * @throws {InputError} If the directory cannot be listed.
 */
export async function strayLayers(directory: string): Promise<number[]> {
  const analysed = new Set(await layersOnDisk(directory));
  const found = await layersWith(directory, /^layer(\d{2,})_\w+\.(?:json|npy)$/);
  return found.filter((layer) => !analysed.has(layer));
}

async function layersWith(directory: string, pattern: RegExp): Promise<number[]> {
  const layers = new Set<number>();
  try {
    for await (const { name } of Deno.readDir(directory)) {
      const [, layer] = pattern.exec(name) ?? [];
      if (layer !== undefined) layers.add(Number(layer));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(directory, error);
  }
  return [...layers].sort((a, b) => a - b);
}
