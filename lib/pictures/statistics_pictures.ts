/**
 * Writes the pictures of the statistics.
 *
 * @module
 */
import { timed } from "../base/work_log.ts";
import { type LayerName, layerText } from "../results/layer_name.ts";
import { readLayerRecord } from "../results/layer_result.ts";
import { seesOnlyLength } from "../results/sees_only_length.ts";
import { readQualified } from "../results/selectivity_table.ts";
import type { MeasuredLayers } from "../results/measured_layers.ts";
import { layerCaption, summaryCaption } from "./caption.ts";
import {
  drawFigureFiles,
  type FigureFile,
  type PictureOptions,
  writeFigure,
  writeFigureFiles,
} from "./figure_files.ts";
import { rowNames } from "./relation_names.ts";
import type { KeptLayer, MeasuredLayer, RunPicture } from "./run_picture.ts";
import type { SitePicture } from "./site_picture.ts";
import { runPicturePath, sitePicturePath } from "./statistics_names.ts";

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

/** A picture of a layer's statistics, and how it is drawn. */
export interface AskedSitePicture {
  /** The picture. */
  readonly picture: SitePicture;
  /** How. */
  readonly options: PictureOptions;
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
  const isOfLayers = records.every(({ layer }) => typeof layer === "number");
  const drawn = picture.figure({
    layers: records.map(({ layer }) => nameOf(layer)),
    layerTitle: isOfLayers ? "Layer" : "Site",
    hasControl: seesOnlyLength(records[0]!),
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

function nameOf(layer: LayerName): string {
  return typeof layer === "number" ? String(layer) : layerText(layer);
}
