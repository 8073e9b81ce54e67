/**
 * What the result files are called.
 *
 * @module
 */
import { unreadable } from "../files/look.ts";

/**
 * The path of a layer's file: `layer06_statistics.json`.
 *
 * @param file Its name without the layer, which its artifact knows.
 */
export function layerPath(directory: string, layer: number, file: string): string {
  return `${directory}/layer${digitsOf(layer)}_${file}`;
}

function digitsOf(layer: number): string {
  return String(layer).padStart(2, "0");
}

/** The path of the summary of all layers. */
export function summaryPath(directory: string): string {
  return `${directory}/analysis_summary.json`;
}

/** The path of the times of the last run. */
export function timesPath(directory: string): string {
  return `${directory}/analysis_times.json`;
}

/**
 * The layers of which a directory holds an analysis, ascending.
 *
 * @returns None if the directory does not exist.
 * @throws {InputError} If it cannot be listed.
 */
export async function layersOnDisk(directory: string): Promise<number[]> {
  return await layersWith(directory, /^layer(\d{2,3})_analysis\.json$/);
}

/**
 * The layers of which a directory holds files but no analysis, ascending: they cannot be used.
 *
 * @throws {InputError} If the directory cannot be listed.
 */
export async function strayLayers(directory: string): Promise<number[]> {
  const analysed = new Set(await layersOnDisk(directory));
  const found = await layersWith(directory, /^layer(\d{2,3})_\w+\.(?:json|npy)$/);
  return found.filter((layer) => !analysed.has(layer));
}

async function layersWith(directory: string, pattern: RegExp): Promise<number[]> {
  const layers = new Set<number>();
  for (const name of await namesIn(directory)) {
    const [, layer] = pattern.exec(name) ?? [];
    // `layer006_…` is nobody's: the file of layer 6 is called otherwise.
    if (layer !== undefined && layer === digitsOf(Number(layer))) layers.add(Number(layer));
  }
  return [...layers].sort((a, b) => a - b);
}

/**
 * The names of what is in a directory; none if it does not exist.
 *
 * @throws {InputError} If it cannot be listed.
 */
export async function namesIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(directory, error);
  }
  return names;
}
