/**
 * Pictures of a layer that a user has and that an analysis has made untrue: in formats, or of numbers
 * of features, that the analysis itself was not asked for.
 *
 * @module
 */
import { basename } from "node:path";
import { exists } from "../files/byte_source.ts";
import { PICTURE_FORMATS, TOP_FEATURES } from "../plot/names.ts";
import { LAYER_PICTURES, picturePath } from "../results/file_names.ts";
import type { LayerResult } from "../results/layer_result.ts";
import type { PictureOptions } from "./figure_files.ts";
import { pictureArray, writeLayerPicture } from "./layer_pictures.ts";

/**
 * Draws again, of new numbers, the pictures of a layer that there were of the old ones.
 *
 * @param earlier The paths of the pictures that there were. Those that are there have been drawn
 * again already.
 * @returns The paths, sorted, of pictures that the layer has no more, as that of its slots.
 * @throws {InputError} If a file cannot be written.
 */
export async function redrawPictures(
  directory: string,
  result: Pick<LayerResult, "record" | "means" | "consistency">,
  { options, earlier }: { options: PictureOptions; earlier: readonly string[] },
): Promise<string[]> {
  const { record } = result;
  const left = new Set(earlier);
  const counts = new Set([
    options.topFeatures ?? TOP_FEATURES,
    ...earlier.flatMap((path) => (basename(path).match(/\d+/g) ?? []).map(Number)),
  ].filter((count) => count > 0));
  for (const kind of LAYER_PICTURES) {
    const matrix = result[pictureArray(kind)];
    for (const format of PICTURE_FORMATS) {
      for (const topFeatures of counts) {
        const path = picturePath(directory, record.layer, { kind, format, topFeatures });
        if (!left.has(path)) continue;
        const how = { ...options, formats: [format], topFeatures };
        const isThere = await exists(path) ||
          (await writeLayerPicture(directory, kind, { record, matrix, options: how })).length > 0;
        if (isThere) left.delete(path);
      }
    }
  }
  return [...left].sort();
}
