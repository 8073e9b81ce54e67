/**
 * The pictures of a layer: what each shows, and how it is written.
 *
 * @module
 */
import type { Figure } from "../plot/figure.ts";
import { TOP_FEATURES } from "../plot/names.ts";
import { denseActivation } from "../plot/pictures/dense_activation.ts";
import { featureConsistency } from "../plot/pictures/feature_consistency.ts";
import type { LayerPicture } from "../plot/pictures/layer_picture.ts";
import { relationSlots } from "../plot/pictures/relation_slots.ts";
import { topFreeFeatures } from "../plot/pictures/top_features.ts";
import { LAYER_PICTURES, type LayerPictureKind, picturePath } from "../results/file_names.ts";
import type { LayerResult } from "../results/layer_result.ts";
import { layoutOf } from "../results/layout.ts";
import type { LayerRecord } from "../results/schemas.ts";
import { layerCaption } from "./caption.ts";
import { type PictureOptions, writeFigure } from "./figure_files.ts";
import { rowNames, slotNames } from "./relation_names.ts";

/** A layer's record and the matrix that a picture shows. */
export interface PictureSource {
  /** What the matrix is. */
  readonly record: LayerRecord;
  /** The matrix, `[relations, features]`. */
  readonly matrix: Float32Array | Float64Array;
}

/** How a picture is made. */
interface Recipe {
  /** The array that it shows. */
  readonly array: "means" | "consistency";
  /** Its resolution, in pixels an inch, if no other is asked for. */
  readonly dpi: number;
  /** Whether it needs slots. */
  readonly needsSlots: boolean;
  /** Puts it together. */
  readonly figure: (picture: LayerPicture, record: LayerRecord, options: PictureOptions) => Figure;
}

const RECIPES: Readonly<Record<LayerPictureKind, Recipe>> = {
  dense: {
    array: "means",
    dpi: 200,
    needsSlots: false,
    figure: (picture, _, options) => denseActivation(picture, options),
  },
  slots: {
    array: "means",
    dpi: 150,
    needsSlots: true,
    figure: (picture, _, options) => relationSlots(picture, options),
  },
  top: {
    array: "means",
    dpi: 150,
    needsSlots: false,
    figure: (picture, _, { topFeatures = TOP_FEATURES, ...options }) =>
      topFreeFeatures(picture, { ...options, count: topFeatures }),
  },
  consistency: {
    array: "consistency",
    dpi: 150,
    needsSlots: true,
    figure: (picture, { activation_threshold }, options) =>
      featureConsistency(picture, { ...options, threshold: activation_threshold }),
  },
};

/** The array that a picture shows. */
export function pictureArray(kind: LayerPictureKind): "means" | "consistency" {
  return RECIPES[kind].array;
}

/**
 * Writes one picture of a layer, in every format asked for.
 *
 * @returns The paths written: none if the layer's SAE has no slots and the picture needs them.
 * @throws {InputError} If a file cannot be written.
 */
export async function writeLayerPicture(
  directory: string,
  kind: LayerPictureKind,
  { record, matrix, options }: PictureSource & { options: PictureOptions },
): Promise<string[]> {
  const { dpi, needsSlots, figure } = RECIPES[kind];
  if (needsSlots && record.n_relation === 0) return [];
  const picture: LayerPicture = {
    layer: record.layer,
    kind: record.sae,
    layout: layoutOf(record),
    relations: rowNames(record.relations),
    slotNames: slotNames(record),
    matrix,
    caption: layerCaption(record),
  };
  const topFeatures = Math.min(options.topFeatures ?? TOP_FEATURES, record.n_free);
  return await writeFigure(figure(picture, record, options), {
    options,
    dpi,
    path: (format) => picturePath(directory, record.layer, { kind, format, topFeatures }),
  });
}

/**
 * Writes all pictures of a layer.
 *
 * @throws {InputError} If a file cannot be written.
 *
 * @example
 * ```ts
 * import { analyzeLayers, openDevice, planAnalysis, writeLayerPictures } from "@coact/coact";
 *
 * const plan = await planAnalysis({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 * });
 * using device = await openDevice("auto");
 * for await (const layer of analyzeLayers(plan, device)) {
 *   const directory = "results/example";
 *   await Deno.mkdir(directory, { recursive: true });
 *   await writeLayerPictures(directory, layer, { dpi: 20, formats: ["svg"] });
 *   console.log([...Deno.readDirSync(directory)].map(({ name }) => name));
 * }
 * ```
 */
export async function writeLayerPictures(
  directory: string,
  result: Pick<LayerResult, "record" | "means" | "consistency">,
  options: PictureOptions,
): Promise<void> {
  for (const kind of LAYER_PICTURES) {
    const matrix = result[pictureArray(kind)];
    await writeLayerPicture(directory, kind, { record: result.record, matrix, options });
  }
}
