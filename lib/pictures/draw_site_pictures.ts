/**
 * Draws the pictures of a layer's statistics. It reads nothing: the threads that draw load no more than
 * that takes.
 *
 * @module
 */
import { timed } from "../base/work_log.ts";
import { layerCaption } from "./caption.ts";
import { drawFigureFiles, type FigureFile, type PictureOptions } from "./figure_files.ts";
import { rowNames } from "./relation_names.ts";
import type { MeasuredLayer } from "./run_picture.ts";
import type { SitePicture } from "./site_picture.ts";
import { sitePicturePath } from "./site_picture_path.ts";

/** A picture of a layer's statistics, and how it is drawn. */
export interface AskedSitePicture {
  /** The picture. */
  readonly picture: SitePicture;
  /** How. */
  readonly options: PictureOptions;
}

/**
 * Draws pictures of a layer's statistics, in every format asked for; nothing is written.
 *
 * @param directory Where they are to be written.
 * @throws {InputError} If one cannot be drawn in the resolution asked for.
 */
export async function drawSitePictures(
  directory: string,
  { record, site, tests }: MeasuredLayer,
  pictures: readonly AskedSitePicture[],
): Promise<FigureFile[]> {
  const source = {
    site,
    tests,
    freeCount: record.freeCount,
    relations: rowNames(record.relations),
    caption: layerCaption(record),
  };
  const drawn = pictures.map(({ picture, options }) =>
    timed("pictures", () =>
      drawFigureFiles(picture.figure(source, options), {
        options,
        dpi: picture.dpi,
        path: (format) => sitePicturePath(directory, record.layer, { picture, format }),
      }))
  );
  return (await Promise.all(drawn)).flat();
}
