/**
 * What the result files are called.
 *
 * @module
 */
import { unreadable } from "../files/look.ts";
import { PICTURE_FORMATS, type PictureFormat } from "../plot/names.ts";

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
  return `${layerPrefix(directory, layer)}${file}`;
}

function layerPrefix(directory: string, layer: number): string {
  return `${directory}/layer${String(layer).padStart(2, "0")}_`;
}

/** The path of the summary of all layers. */
export function summaryPath(directory: string): string {
  return `${directory}/analysis_summary.json`;
}

/** The path of the times of the last run. */
export function timesPath(directory: string): string {
  return `${directory}/analysis_times.json`;
}

/** The pictures of a layer, by the scripts that draw them. */
export const LAYER_PICTURES = ["dense", "slots", "top", "consistency"] as const;

/** A picture of a layer. */
export type LayerPictureKind = (typeof LAYER_PICTURES)[number];

/** The names of the pictures; `#` stands for how many features are shown. */
const PICTURE_NAMES: Readonly<Record<LayerPictureKind, string>> = {
  dense: "dense_activation_heatmap",
  slots: "relation_slots_only",
  top: "top#_free_features",
  consistency: "feature_consistency",
};

/**
 * The path of a layer's picture: `layer06_top50_free_features.png`.
 *
 * @param picture Which one; of the most active free features also how many were asked for.
 */
export function picturePath(
  directory: string,
  layer: number,
  { kind, format, topFeatures }: {
    kind: LayerPictureKind;
    format: PictureFormat;
    topFeatures: number;
  },
): string {
  const name = PICTURE_NAMES[kind].replace("#", String(topFeatures));
  return `${layerPrefix(directory, layer)}${name}.${format}`;
}

/** The path of the picture of all layers. */
export function summaryPicturePath(directory: string, format: PictureFormat): string {
  return `${directory}/all_layers_relation_slots_summary.${format}`;
}

/** The paths that a run may have left of all its layers together. */
export function summaryPaths(directory: string): string[] {
  const pictures = PICTURE_FORMATS.map((format) => summaryPicturePath(directory, format));
  return [summaryPath(directory), timesPath(directory), ...pictures];
}

/**
 * The paths of the pictures that a directory holds of a layer, whichever options they were drawn
 * with.
 *
 * @throws {InputError} If the directory cannot be listed.
 */
export async function picturesOnDisk(directory: string, layer: number): Promise<string[]> {
  const prefix = layerPrefix("", layer).slice(1);
  const stems = Object.values(PICTURE_NAMES).map((name) => name.replace("#", "\\d+"));
  const pictures = new RegExp(`^(?:${stems.join("|")})\\.(?:${PICTURE_FORMATS.join("|")})$`);
  const names = await namesIn(directory);
  return names.filter((name) => name.startsWith(prefix) && pictures.test(name.slice(prefix.length)))
    .map((name) => `${directory}/${name}`);
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
  for (const name of await namesIn(directory)) {
    const [, layer] = pattern.exec(name) ?? [];
    if (layer !== undefined) layers.add(Number(layer));
  }
  return [...layers].sort((a, b) => a - b);
}

/** The names of what is in a directory; none if it does not exist. */
async function namesIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(directory, error);
  }
  return names;
}
