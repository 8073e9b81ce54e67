/**
 * What the result files are called.
 *
 * @module
 */

import { unreadable } from "../files/byte_source.ts";

/** The files of a layer, by what they hold. */
export type LayerFile =
  | "analysis.json"
  | "activation_matrix.npy"
  | "activation_maxima.npy"
  | "consistency.npy"
  | "slot_activations.npy"
  | "questions.npy"
  | "statistics.json"
  | "common_features.json";

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
  const layers: number[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) {
      const [, layer] = /^layer(\d{2,})_analysis\.json$/.exec(name) ?? [];
      if (layer !== undefined) layers.push(Number(layer));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(directory, error);
  }
  return layers.sort((a, b) => a - b);
}
