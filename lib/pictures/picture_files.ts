/**
 * The files of a layer's pictures, by their recipes.
 *
 * @module
 */
import { namesIn } from "../files/look.ts";
import { PICTURE_FORMATS, type PictureFormat } from "../plot/names.ts";
import { layerPath } from "../results/file_names.ts";
import type { LayerName } from "../results/layer_name.ts";
import { LAYER_PICTURES } from "./all_pictures.ts";
import type { Recipe } from "./recipe.ts";

/** A file that holds a picture of a layer. */
export interface PictureFile {
  /** Where it is. */
  readonly path: string;
  /** How its picture is made. */
  readonly recipe: Recipe;
  /** Its format. */
  readonly format: PictureFormat;
  /** The number in its name; undefined where the recipe has none. */
  readonly number: number | undefined;
}

/**
 * The path of a layer's picture: `layer06_top50_free_features.png`.
 *
 * @param number The number in the name, if the recipe has one.
 */
export function picturePath(
  directory: string,
  layer: LayerName,
  { recipe: { file }, format, number }: Omit<PictureFile, "path">,
): string {
  return layerPath(directory, layer, `${file.replace("#", String(number))}.${format}`);
}

/**
 * The files that a directory holds of a layer's pictures, whichever options they were drawn with.
 *
 * @throws {InputError} If the directory cannot be listed.
 */
export async function picturesOnDisk(directory: string, layer: LayerName): Promise<PictureFile[]> {
  return picturesNamed(await namesIn(directory), directory, layer);
}

/** The pictures of a layer among the names of files of a directory. */
export function picturesNamed(
  names: Iterable<string>,
  directory: string,
  layer: LayerName,
): PictureFile[] {
  const prefix = layerPath("", layer, "").slice(1);
  return [...names].filter((name) => name.startsWith(prefix)).flatMap((name) => {
    const known = pictureNamed(name.slice(prefix.length));
    return known === undefined ? [] : [{ ...known, path: `${directory}/${name}` }];
  });
}

/** Whether options can ask for a picture of this name: nobody can for `top0` or `top007`. */
export function canBeAsked(directory: string, layer: LayerName, file: PictureFile): boolean {
  return file.number !== 0 && picturePath(directory, layer, file) === file.path;
}

/** The picture that a file is named after; undefined if it is none. */
function pictureNamed(name: string): Omit<PictureFile, "path"> | undefined {
  for (const recipe of LAYER_PICTURES) {
    const stem = recipe.file.replace("#", "(?<number>\\d+)");
    const pattern = new RegExp(`^${stem}\\.(?<format>${PICTURE_FORMATS.join("|")})$`);
    const { format, number } = pattern.exec(name)?.groups ?? {};
    if (format === undefined) continue;
    return {
      recipe,
      format: format as PictureFormat,
      number: number === undefined ? undefined : Number(number),
    };
  }
  return undefined;
}
