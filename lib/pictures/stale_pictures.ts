/**
 * Pictures of a layer that a user has and that an analysis has made untrue: in formats, or of numbers
 * of features, that the analysis itself was not asked for.
 *
 * @module
 */
import { exists } from "../files/look.ts";
import type { LayerResult } from "../results/layer_result.ts";
import type { PictureOptions } from "./figure_files.ts";
import { type Drawing, DRAWN_HERE, sourceOf, writeLayerPicture } from "./layer_pictures.ts";
import { canBeAsked, type PictureFile } from "./picture_files.ts";
import type { MatrixName } from "./recipe.ts";

/**
 * Draws again, of new numbers, the pictures of a layer that there were of the old ones.
 *
 * @param how How and where they are drawn, by default on this thread; the pictures that there were.
 * Those that are there have been drawn again already.
 * @returns The paths, sorted, of pictures that the layer has no more, as that of its slots.
 * @throws {InputError} If a file cannot be written.
 */
export async function redrawPictures(
  directory: string,
  result: Pick<LayerResult, "record" | MatrixName>,
  { options, earlier, drawing = DRAWN_HERE }: {
    options: PictureOptions;
    earlier: readonly PictureFile[];
    drawing?: Drawing;
  },
): Promise<string[]> {
  const { record } = result;
  const gone: string[] = [];
  for (const file of earlier) {
    const { path, recipe, format, number } = file;
    if (await exists(path)) continue;
    const asked = number === undefined ? {} : recipe.number?.options(number);
    const how = { ...options, formats: [format], ...asked };
    const source = { ...sourceOf(result, recipe), options: how };
    const drawn = canBeAsked(directory, record.layer, file)
      ? await writeLayerPicture(directory, recipe, source, drawing)
      : [];
    if (drawn.length === 0) gone.push(path);
  }
  return gone.sort();
}
