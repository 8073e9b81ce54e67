/**
 * What the result files are called.
 *
 * @module
 */
import { namesIn } from "../files/look.ts";
import { compareLayers, type LayerName, nameOfPrefix, prefixOf } from "./layer_name.ts";

/**
 * The path of a layer's file: `layer06_statistics.json`, `post12_statistics.json`.
 *
 * @param file Its name without the layer, which its artifact knows.
 */
export function layerPath(directory: string, layer: LayerName, file: string): string {
  return `${directory}/${prefixOf(layer)}_${file}`;
}

/** The path of the summary of all layers. */
export function summaryPath(directory: string): string {
  return `${directory}/analysis_summary.json`;
}

/** The paths of the verdict on all layers, in words and as data. */
export function verdictPaths(directory: string): [string, string] {
  return [`${directory}/verdict.md`, `${directory}/verdict.json`];
}

/** The path of the times of the last run. */
export function timesPath(directory: string): string {
  return `${directory}/analysis_times.json`;
}

/**
 * The layers of which a directory holds an analysis, in the order of their sites.
 *
 * @returns None if the directory does not exist.
 * @throws {InputError} If it cannot be listed.
 */
export async function layersOnDisk(directory: string): Promise<LayerName[]> {
  return await layersWith(directory, /^(.+)_analysis\.json$/);
}

/**
 * The layers of which a directory holds files but no analysis, in the order of their sites: they
 * cannot be used. What tells SAEs at one site apart cannot be told from the name of such a file.
 *
 * @throws {InputError} If the directory cannot be listed.
 */
export async function strayLayers(directory: string): Promise<LayerName[]> {
  const analysed = await layersOnDisk(directory);
  const found = await layersWith(directory, STRAY);
  const prefixes = analysed.map(prefixOf);
  return found.filter((layer) => {
    const prefix = prefixOf(layer);
    return !prefixes.some((known) => known === prefix || known.startsWith(`${prefix}_`));
  });
}

/** Whatever begins as a layer's files do. */
const STRAY = /^((?:layer|attn_out|mid|mlp_out|post)\d{2,3}|final)_[\w.+-]+\.(?:json|npy)$/;

async function layersWith(directory: string, pattern: RegExp): Promise<LayerName[]> {
  const layers = new Set<LayerName>();
  for (const name of await namesIn(directory)) {
    const [, prefix] = pattern.exec(name) ?? [];
    const layer = prefix === undefined ? undefined : nameOfPrefix(prefix);
    if (layer !== undefined) layers.add(layer);
  }
  return [...layers].sort(compareLayers);
}
