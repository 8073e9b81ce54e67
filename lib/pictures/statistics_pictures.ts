/**
 * Writes the pictures of the statistics.
 *
 * @module
 */
import { type Emergence, emergenceAt } from "../results/emergence.ts";
import { type LayerName, layerText } from "../results/layer_name.ts";
import { readLayerRecord } from "../results/layer_result.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import { seesOnlyLength } from "../results/sees_only_length.ts";
import { type QualifiedSelectivity, readQualified } from "../results/selectivity_table.ts";
import type { MeasuredLayers } from "../results/measured_layers.ts";
import { layerCaption, summaryCaption } from "./caption.ts";
import { emergence } from "./emergence.ts";
import { type PictureOptions, writeFigure } from "./figure_files.ts";
import { rowNames } from "./relation_names.ts";
import type { SitePicture } from "./site_picture.ts";
import { emergencePath, sitePicturePath } from "./statistics_names.ts";

/** The resolution of the picture of all layers, in pixels an inch. */
const DPI = 150;

/** A layer's statistics, and what they were made of. */
export interface MeasuredLayer {
  /** The record of the layer. */
  readonly record: LayerRecord;
  /** Its statistics. */
  readonly site: QualifiedSelectivity;
  /** How many tests q was computed over. */
  readonly tests: number;
}

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
  { layer: { record, site, tests }, options }: { layer: MeasuredLayer; options: PictureOptions },
): Promise<string[]> {
  const source = {
    site,
    tests,
    freeCount: record.freeCount,
    relations: rowNames(record.relations),
    caption: layerCaption(record),
  };
  return await writeFigure(picture.figure(source, options), {
    options,
    dpi: picture.dpi,
    path: (format) => sitePicturePath(directory, record.layer, { picture, format }),
  });
}

/** What the picture of all layers needs of one. */
export interface EmergenceLayer {
  /** The record of the layer. */
  readonly record: LayerRecord;
  /** What each relation comes to there. */
  readonly points: readonly Emergence[];
}

/** What the picture of all layers needs of a layer. */
export function emergenceOf({ record, site }: MeasuredLayer): EmergenceLayer {
  const source = { layer: record.layer, selectivity: site, freeCount: record.freeCount };
  return { record, points: emergenceAt(source) };
}

/**
 * Writes the picture of where relations emerge, in every format asked for.
 *
 * @param layers The layers, ascending, at least one.
 * @returns The paths written.
 * @throws {InputError} If a file cannot be written.
 */
export async function writeEmergence(
  directory: string,
  layers: readonly EmergenceLayer[],
  options: PictureOptions,
): Promise<string[]> {
  const records = layers.map(({ record }) => record);
  const isOfLayers = records.every(({ layer }) => typeof layer === "number");
  const drawn = emergence({
    layers: records.map(({ layer }) => nameOf(layer)),
    layerTitle: isOfLayers ? "Layer" : "Site",
    hasControl: seesOnlyLength(records[0]!),
    relations: rowNames(records[0]!.relations),
    points: layers.map(({ points }) => points),
    caption: summaryCaption(records[0]!, records),
  });
  return await writeFigure(drawn, {
    options,
    dpi: DPI,
    path: (format) => emergencePath(directory, format),
  });
}

function nameOf(layer: LayerName): string {
  return typeof layer === "number" ? String(layer) : layerText(layer);
}
