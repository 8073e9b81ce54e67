/**
 * What a picture of a layer's statistics is called.
 *
 * @module
 */
import type { PictureFormat } from "../plot/names.ts";
import { layerPath } from "../results/file_names.ts";
import type { LayerName } from "../results/layer_name.ts";
import type { SitePicture } from "./site_picture.ts";

/** The path of a picture of a layer's statistics. */
export function sitePicturePath(
  directory: string,
  layer: LayerName,
  { picture, format }: { picture: SitePicture; format: PictureFormat },
): string {
  return layerPath(directory, layer, `${picture.file}.${format}`);
}
