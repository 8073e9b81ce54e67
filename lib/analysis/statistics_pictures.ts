/**
 * The pictures that need the statistics of the whole run, drawn at its end: q, and so what is a
 * discovery, is known when all layers are measured.
 *
 * @module
 */
import { basename } from "node:path";
import { discoveriesOf } from "../pictures/discoveries.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import type { Discoveries } from "../pictures/layer_picture.ts";
import type { Recipe } from "../pictures/recipe.ts";
import { type Drawing, needsConsistency, writeLayerPicture } from "../pictures/layer_pictures.ts";
import { canBeAsked, picturePath, picturesNamed } from "../pictures/picture_files.ts";
import { LAYER_PICTURES } from "../pictures/all_pictures.ts";
import { SITE_PICTURES } from "../pictures/all_site_pictures.ts";
import { emergencePath, sitePicturePath } from "../pictures/statistics_names.ts";
import {
  type EmergenceLayer,
  emergenceOf,
  readMeasured,
  writeEmergence,
  writeSitePicture,
} from "../pictures/statistics_pictures.ts";
import { PICTURE_FORMATS, type PictureFormat } from "../plot/names.ts";
import { namesIn } from "../results/file_names.ts";
import type { LayerName } from "../results/layer_name.ts";
import { readLayerArray, readLayerRecord } from "../results/layer_result.ts";
import { measuredLayers } from "../results/measured_layers.ts";
import type { LayerRecord } from "../results/layer_record.ts";

/** The pictures of a layer that mark discoveries. */
const MARKED = LAYER_PICTURES.filter(({ marksDiscoveries }) => marksDiscoveries === true);

/** What there is to draw at the end of a run, and where. */
export interface StatisticsDrawing {
  /** How pictures are drawn. */
  readonly pictures: PictureOptions;
  /** The layers of the run: their pictures that mark discoveries were left for the end. */
  readonly layers: readonly LayerName[];
  /** The names of the pictures that there were: in other formats they are drawn again. */
  readonly earlier: ReadonlySet<string>;
  /** Where pictures of a layer are drawn. Default: on this thread. */
  readonly drawing?: Drawing | undefined;
}

/**
 * Draws the pictures of the statistics of a run, and those that mark discoveries.
 *
 * @throws {InputError} If a file is missing or damaged, or cannot be written.
 */
export async function drawStatistics(directory: string, how: StatisticsDrawing): Promise<void> {
  const { pictures, earlier } = how;
  const formatsOf = (path: (format: PictureFormat) => string) => {
    const { formats = ["png"] } = pictures;
    const there = PICTURE_FORMATS.filter((format) => earlier.has(basename(path(format))));
    return { ...pictures, formats: [...new Set([...formats, ...there])] };
  };
  const found: EmergenceLayer[] = [];
  for await (const layer of readMeasured(directory, await measuredLayers(directory))) {
    const { record, site, tests } = layer;
    const drawn = SITE_PICTURES.map(async (picture) => {
      const options = formatsOf((format) =>
        sitePicturePath(directory, record.layer, { picture, format })
      );
      await writeSitePicture(directory, picture, { layer, options });
    });
    const marks = discoveriesOf(site, tests);
    await Promise.all([...drawn, drawMarked(directory, record, how, marks)]);
    found.push(emergenceOf(layer));
  }
  const others = how.layers.filter((layer) => !found.some(({ record }) => record.layer === layer));
  for (const layer of others) {
    await drawMarked(directory, await readLayerRecord(directory, layer), how);
  }
  if (found.length === 0) return;
  const options = formatsOf((format) => emergencePath(directory, format));
  await writeEmergence(directory, found, options);
}

/** Draws the pictures of a layer that mark discoveries. */
async function drawMarked(
  directory: string,
  record: LayerRecord,
  how: StatisticsDrawing,
  discoveries?: Discoveries,
): Promise<void> {
  for (const recipe of MARKED) await drawRecipe(directory, recipe, { record, discoveries }, how);
}

/**
 * Draws a picture of a layer: as the run was asked for it, if it is of the run, and every file of it
 * again that is there or was.
 */
async function drawRecipe(
  directory: string,
  recipe: Recipe,
  { record, discoveries }: { record: LayerRecord; discoveries: Discoveries | undefined },
  { pictures, layers, earlier, drawing }: StatisticsDrawing,
): Promise<void> {
  const { layer } = record;
  const asked = recipe.number?.of(pictures, record);
  const there = picturesNamed(await namesIn(directory), directory, layer);
  const wanted = new Map<string, PictureOptions>();
  if (layers.includes(layer)) {
    for (const format of pictures.formats ?? ["png"]) {
      wanted.set(picturePath(directory, layer, { recipe, format, number: asked }), {
        ...pictures,
        formats: [format],
      });
    }
  }
  const before = picturesNamed(earlier, directory, layer);
  for (const file of [...there, ...before].filter((each) => each.recipe === recipe)) {
    const { path, format, number } = file;
    if (wanted.has(path) || !canBeAsked(directory, layer, file)) continue;
    // As it was asked for: the caption says if fewer are shown than were.
    const how = asked === number ? {} : recipe.number?.options(number!);
    wanted.set(path, { ...pictures, formats: [format], ...how });
  }
  if (wanted.size === 0) return;
  const source = {
    record,
    matrix: await readLayerArray(directory, record, recipe.array),
    consistency: needsConsistency(recipe, record)
      ? await readLayerArray(directory, record, "consistency")
      : undefined,
    discoveries,
  };
  for (const options of wanted.values()) {
    await writeLayerPicture(directory, recipe, { ...source, options }, drawing);
  }
}
