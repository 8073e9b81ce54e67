/**
 * What the pictures of the statistics are called.
 *
 * @module
 */
import { PICTURE_FORMATS, type PictureFormat } from "../plot/names.ts";
import type { LayerName } from "../results/layer_name.ts";
import { RUN_PICTURES } from "./all_run_pictures.ts";
import { SITE_PICTURES } from "./all_site_pictures.ts";
import type { AnyRunPicture } from "./run_picture.ts";
import { sitePicturePath } from "./site_picture_path.ts";

/** The path of a picture of the statistics of all layers. */
export function runPicturePath(
  directory: string,
  { file }: Pick<AnyRunPicture, "file">,
  format: PictureFormat,
): string {
  return `${directory}/${file}.${format}`;
}

/** The paths, in all formats, of what shows a layer's statistics: they are untrue of other numbers. */
export function statisticsPicturePaths(directory: string, layer: LayerName): string[] {
  return PICTURE_FORMATS.flatMap((format) => [
    ...RUN_PICTURES.map((picture) => runPicturePath(directory, picture, format)),
    ...SITE_PICTURES.map((picture) => sitePicturePath(directory, layer, { picture, format })),
  ]);
}
