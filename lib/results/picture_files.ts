/**
 * The pictures of results, as files.
 *
 * @module
 */
import { removeFile, Staging } from "../files/write_whole.ts";
import { InputError } from "../errors.ts";
import { encodeFigure, greatestDpi } from "../plot/encode.ts";
import { type Figure, POINTS_PER_INCH } from "../plot/figure.ts";
import { PICTURE_FORMATS, type PictureFormat, TOP_FEATURES } from "../plot/names.ts";
import { denseActivation } from "../plot/pictures/dense_activation.ts";
import { featureConsistency } from "../plot/pictures/feature_consistency.ts";
import type { ColorChoice, LayerPicture } from "../plot/pictures/layer_picture.ts";
import { relationSlots } from "../plot/pictures/relation_slots.ts";
import { type SlotsPanel, slotsSummary } from "../plot/pictures/slots_summary.ts";
import { topFreeFeatures } from "../plot/pictures/top_features.ts";
import { bestLayer } from "./best_layer.ts";
import {
  LAYER_PICTURES,
  type LayerPictureKind,
  picturePath,
  summaryPicturePath,
} from "./file_names.ts";
import type { LayerResult } from "./layer_result.ts";
import type { LayerSlots } from "./layer_slots.ts";
import { layoutOf } from "./layout.ts";
import { layerCaption, summaryCaption } from "./picture_caption.ts";
import type { AnalysisSummary, LayerRecord, LayerSummary } from "./schemas.ts";

/** How pictures are to be drawn. */
export interface PictureOptions extends ColorChoice {
  /** The formats; each gets a file. Default: PNG. */
  readonly formats?: readonly PictureFormat[];
  /** The resolution in pixels an inch. Default: each picture's own. */
  readonly dpi?: number | undefined;
  /** How many free features the picture of the most active ones shows. Default: 50. */
  readonly topFeatures?: number;
}

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
    figure: (picture, _, { topFeatures = TOP_FEATURES, ...colors }) =>
      topFreeFeatures(picture, { ...colors, count: topFeatures }),
  },
  consistency: {
    array: "consistency",
    dpi: 150,
    needsSlots: true,
    figure: (picture, { activation_threshold }, { colorMap }) =>
      featureConsistency(picture, { colorMap, threshold: activation_threshold }),
  },
};
const SUMMARY_DPI = 200;

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
    relations: record.relations.map(({ label }) => label),
    matrix,
    caption: layerCaption(record),
  };
  const { topFeatures = TOP_FEATURES } = options;
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

/**
 * Writes the picture of all layers, in every format asked for.
 *
 * @param slots The slots of the layers that the summary speaks of, in its order.
 * @returns The paths written.
 * @throws {InputError} If a file cannot be written.
 */
export async function writeSummaryPicture(
  directory: string,
  { summary, slots, options }: {
    summary: AnalysisSummary;
    slots: readonly LayerSlots[];
    options: PictureOptions;
  },
): Promise<string[]> {
  const best = bestLayer(summary.layers)?.layer;
  const panels = [
    ...summary.layers.map((layer, i) => panelOf(layer, slots[i]!, layer.layer === best)),
    ...summary.layers_skipped.map(({ layer, reason }) => {
      return { layer, note: `No data: ${reason.split(":")[0]}` };
    }),
  ];
  const figure = slotsSummary({
    panels: panels.sort((a, b) => a.layer - b.layer),
    relations: summary.relations.map(({ label }) => label),
    caption: summaryCaption(slots[0]!.record, summary.layers),
  }, options);
  const path = (format: PictureFormat) => summaryPicturePath(directory, format);
  const written = await writeFigure(figure, { options, dpi: SUMMARY_DPI, path });
  for (const other of PICTURE_FORMATS.map(path)) { // they may show other layers
    if (!written.includes(other)) await removeFile(other);
  }
  return written;
}

function panelOf(layer: LayerSummary, { record, means }: LayerSlots, isBest: boolean): SlotsPanel {
  const { mean_diagonal, mean_off_diagonal, binding_accuracy } = layer;
  if (mean_diagonal === null || binding_accuracy === null) {
    return { layer: layer.layer, note: "Traditional SAE: it has no relation slots" };
  }
  const parts = [
    `diagonal ${mean_diagonal.toFixed(2)}`,
    ...(mean_off_diagonal === null ? [] : [`off-diagonal ${mean_off_diagonal.toFixed(2)}`]),
    `binding accuracy ${(100 * binding_accuracy).toFixed(1)} %`,
  ];
  const slots = { means, count: record.n_relation, summary: parts.join(", "), isBest };
  return { layer: layer.layer, slots };
}

async function writeFigure(
  figure: Figure,
  { options, dpi, path }: {
    options: PictureOptions;
    dpi: number;
    path: (format: PictureFormat) => string;
  },
): Promise<string[]> {
  const { formats = ["png"], dpi: asked } = options;
  const most = greatestDpi(figure);
  if (asked !== undefined && asked > most) {
    throw new InputError(
      `${path(formats[0]!)} would be too large: --dpi ${asked} of ${
        figure.width / POINTS_PER_INCH
      }` +
        ` × ${(figure.height / POINTS_PER_INCH).toFixed(1)} inches; at most ${most} dpi fit`,
    );
  }
  await using staging = new Staging();
  for (const format of formats) {
    const picture = await encodeFigure(figure, { format, dpi: asked ?? Math.min(dpi, most) });
    await staging.add(path(format), picture);
  }
  await staging.commit();
  return formats.map(path);
}
