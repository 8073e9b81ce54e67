/**
 * Writes the pictures of the statistics.
 *
 * @module
 */
import { readLayerRecord } from "../results/layer_result.ts";
import { readQualified } from "../results/selectivity_table.ts";
import type { MeasuredLayers } from "../results/measured_layers.ts";
import { summaryCaption } from "./caption.ts";
import { drawSitePictures } from "./draw_site_pictures.ts";
import { type PictureOptions, writeFigure, writeFigureFiles } from "./figure_files.ts";
import { layerAxis } from "./layer_axis.ts";
import { rowNames } from "./relation_names.ts";
import type { KeptLayer, MeasuredLayer, RunPicture } from "./run_picture.ts";
import type { SitePicture } from "./site_picture.ts";
import { runPicturePath } from "./statistics_names.ts";

/**
 * Reads layers with their statistics one after the other.
 *
 * @throws {InputError} If a file is missing or damaged.
 */
export async function* readMeasured(
  directory: string,
  { layers, tests }: MeasuredLayers,
): AsyncGenerator<MeasuredLayer> {
  for await (const site of readQualified(directory, layers)) {
    yield { record: await readLayerRecord(directory, site.layer), site, tests };
  }
}

/**
 * Writes a picture of a layer's statistics, in every format asked for.
 *
 * @returns The paths written.
 * @throws {InputError} If a file cannot be written.
 */
export async function writeSitePicture(
  directory: string,
  picture: SitePicture,
  { layer, options }: { layer: MeasuredLayer; options: PictureOptions },
): Promise<string[]> {
  return await writeFigureFiles(await drawSitePictures(directory, layer, [{ picture, options }]));
}

/**
 * Writes a picture of the statistics of all layers, in every format asked for.
 *
 * @param layers What it kept of the layers, ascending, at least one.
 * @returns The paths written.
 * @throws {InputError} If a file cannot be written.
 */
export async function writeRunPicture<Kept>(
  directory: string,
  picture: RunPicture<Kept>,
  { layers, options }: { layers: readonly KeptLayer<Kept>[]; options: PictureOptions },
): Promise<string[]> {
  const records = layers.map(({ record }) => record);
  const drawn = picture.figure({
    ...layerAxis(records.map(({ layer }) => layer)),
    hasControl: layers[0]!.isControl === true,
    relations: rowNames(records[0]!.relations),
    caption: summaryCaption(records[0]!, records),
    kept: layers.map(({ kept }) => kept),
  });
  return await writeFigure(drawn, {
    options,
    dpi: picture.dpi,
    path: (format) => runPicturePath(directory, picture, format),
  });
}
