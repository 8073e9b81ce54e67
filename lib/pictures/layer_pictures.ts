/**
 * Writes the pictures of a layer.
 *
 * @module
 */
import { mapInOrder } from "../base/map_in_order.ts";
import { timed } from "../base/work_log.ts";
import type { LayerResult } from "../results/layer_result.ts";
import { LAYER_PICTURES } from "./all_pictures.ts";
import { layerCaption } from "./caption.ts";
import {
  drawFigureFiles,
  type FigureFile,
  type PictureOptions,
  writeFigureFiles,
} from "./figure_files.ts";
import type { Discoveries, LayerPicture } from "./layer_picture.ts";
import { picturePath } from "./picture_files.ts";
import type { MatrixName, Recipe } from "./recipe.ts";
import { rowNames, slotNames } from "./relation_names.ts";
import { isMadeOf } from "../results/artifact.ts";
import type { LayerRecord } from "../results/layer_record.ts";

/** A layer's record and the matrix that a picture shows. */
export interface PictureSource {
  /** What the matrix is. */
  readonly record: LayerRecord;
  /** The matrix, `[relations, features]`. */
  readonly matrix: Float32Array | Float64Array;
  /** The consistencies, for recipes that rank by them. */
  readonly consistency?: Float64Array | undefined;
  /** Which cells are discoveries, for recipes that mark them. */
  readonly discoveries?: Discoveries | undefined;
}

/** Whether a picture needs the consistencies of a layer to choose features by. */
export function needsConsistency({ rankedBy }: Recipe, { sae }: LayerRecord): boolean {
  return rankedBy === "consistency" && sae === "unsupervised";
}

/** What a picture needs of a layer. */
export function sourceOf(
  result: Pick<LayerResult, "record" | MatrixName>,
  recipe: Recipe,
): PictureSource {
  const { record } = result;
  return {
    record,
    matrix: result[recipe.array],
    consistency: needsConsistency(recipe, record) ? result.consistency : undefined,
  };
}

/** What is to be drawn of a layer, and how. */
export type AskedPicture = PictureSource & {
  /** How. */
  readonly options: PictureOptions;
};

/** Where pictures are drawn. */
export interface Drawing {
  /** How many pictures are drawn at a time at most. */
  readonly atOnce: number;
  /** Draws a picture of a layer, as {@linkcode drawLayerPicture} does. */
  readonly draw: (
    directory: string,
    recipe: Recipe,
    asked: AskedPicture,
  ) => Promise<readonly FigureFile[]>;
}

/** On this thread, one after the other. */
export const DRAWN_HERE: Drawing = { atOnce: 1, draw: drawLayerPicture };

/**
 * Writes one picture of a layer, in every format asked for.
 *
 * @param drawing Where it is drawn. Default: on this thread.
 * @returns The paths written: none if the layer's SAE has no slots and the picture needs them.
 * @throws {InputError} If it cannot be drawn in the resolution asked for, or not be written.
 */
export async function writeLayerPicture(
  directory: string,
  recipe: Recipe,
  asked: AskedPicture,
  drawing: Drawing = DRAWN_HERE,
): Promise<string[]> {
  if (!isMadeOf(recipe, asked.record)) return [];
  return await writeFigureFiles(await drawing.draw(directory, recipe, asked));
}

/**
 * Draws one picture of a layer, in every format asked for; nothing is written.
 *
 * @param directory Where it is to be written.
 * @throws {InputError} If it cannot be drawn in the resolution asked for.
 */
export async function drawLayerPicture(
  directory: string,
  recipe: Recipe,
  { record, matrix, consistency, discoveries, options }: AskedPicture,
): Promise<FigureFile[]> {
  const picture: LayerPicture = {
    layer: record.layer,
    kind: record.sae,
    source: record.format === undefined ? undefined : `${record.format} ${record.architecture}`,
    signed: record.signed,
    consistency,
    discoveries: recipe.marksDiscoveries ? discoveries : undefined,
    layout: record,
    relations: rowNames(record.relations),
    slotNames: slotNames(record),
    matrix,
    caption: layerCaption(record),
  };
  const number = recipe.number?.of(options, record);
  return await timed("pictures", () =>
    drawFigureFiles(recipe.figure(picture, record, options), {
      options,
      dpi: recipe.dpi,
      path: (format) => picturePath(directory, record.layer, { recipe, format, number }),
    }));
}

/**
 * Writes all pictures of a layer, or those of some recipes, drawn where one says.
 *
 * @param how How, where, and which. What is to be written before them is awaited when they are drawn, also
 * where one cannot be; if it fails, none is written. Default: nothing.
 * @throws {InputError} If one cannot be drawn in the resolution asked for, or not be written; or what
 * was to be written before them.
 */
export async function writePicturesOf(
  directory: string,
  result: Pick<LayerResult, "record" | MatrixName>,
  { options, drawing, recipes = LAYER_PICTURES, before = Promise.resolve() }: {
    options: PictureOptions;
    drawing: Drawing;
    recipes?: readonly Recipe[];
    before?: Promise<void>;
  },
): Promise<void> {
  const drawn: Drawing = {
    atOnce: drawing.atOnce,
    draw: (...asked) => drawing.draw(...asked).finally(() => before),
  };
  const write = (recipe: Recipe) =>
    writeLayerPicture(directory, recipe, { ...sourceOf(result, recipe), options }, drawn);
  await Array.fromAsync(mapInOrder(recipes, drawing.atOnce, write));
  await before;
}
