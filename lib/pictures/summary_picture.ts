/**
 * The picture of all layers, from their summary and their slots.
 *
 * @module
 */
import { timed } from "../base/work_log.ts";
import { namesIn } from "../files/look.ts";
import { PICTURE_FORMATS, type PictureFormat } from "../plot/names.ts";
import { type SlotsPanel, slotsSummary } from "./slots_summary.ts";
import { bestLayer } from "../results/best_layer.ts";
import { compareLayers } from "../results/layer_name.ts";
import type { LayerSlots } from "../results/layer_slots.ts";
import type { AnalysisSummary, LayerSummary } from "../results/summary_record.ts";
import { summaryCaption } from "./caption.ts";
import {
  drawFigureFiles,
  type FigureFile,
  type PictureOptions,
  writeFigureFiles,
} from "./figure_files.ts";
import { rowNames, slotNamesOfAll } from "./relation_names.ts";

/** What its file is called, and its resolution in pixels an inch if no other is asked for. */
const SUMMARY_PICTURE = { file: "all_layers_relation_slots_summary", dpi: 200 } as const;

function summaryPicturePath(directory: string, format: PictureFormat): string {
  return `${directory}/${SUMMARY_PICTURE.file}.${format}`;
}

/** The paths of the picture of all layers, in all formats. */
export function summaryPicturePaths(directory: string): string[] {
  return PICTURE_FORMATS.map((format) => summaryPicturePath(directory, format));
}

/**
 * The formats in which a directory holds the picture of all layers.
 *
 * @throws {InputError} If the directory cannot be listed.
 */
export async function summaryFormatsOnDisk(directory: string): Promise<PictureFormat[]> {
  const names = await namesIn(directory);
  return PICTURE_FORMATS.filter((format) =>
    names.includes(summaryPicturePath("", format).slice(1))
  );
}

/** What the picture of all layers shows. */
export interface ComparedLayers {
  /** What is said of the layers. */
  readonly summary: AnalysisSummary;
  /** The slots of the layers that the summary speaks of, in its order. */
  readonly slots: readonly LayerSlots[];
}

/**
 * Draws the picture of all layers, in every format asked for; nothing is written.
 *
 * @param directory Where it is to be written.
 * @throws {InputError} If it cannot be drawn in the resolution asked for.
 */
export async function drawSummaryPicture(
  directory: string,
  { summary, slots }: ComparedLayers,
  options: PictureOptions,
): Promise<FigureFile[]> {
  const best = bestLayer(summary.layers)?.layer;
  const panels: SlotsPanel[] = [
    ...summary.layers.map((layer, i) => panelOf(layer, slots[i]!, layer.layer === best)),
    ...summary.layers_skipped.map(({ layer, reason }) => {
      return { layer, note: `No data: ${reason.split(":")[0]}` };
    }),
  ];
  return await timed("pictures", () => {
    const figure = slotsSummary({
      panels: panels.sort((a, b) => compareLayers(a.layer, b.layer)),
      relations: rowNames(summary.relations),
      slotNames: slotNamesOfAll(slots.map(({ record }) => record)),
      caption: summaryCaption(slots[0]!.record, summary.layers),
    }, options);
    return drawFigureFiles(figure, {
      options,
      dpi: SUMMARY_PICTURE.dpi,
      path: (format) => summaryPicturePath(directory, format),
    });
  });
}

/**
 * Writes the picture of all layers, in every format asked for.
 *
 * @param picture What it shows, and how. Formats in which there is a picture of an earlier summary: it is
 * drawn again. What {@linkcode drawSummaryPicture} has drawn of it already. Default: none.
 * @returns The paths written.
 * @throws {InputError} If it cannot be drawn in the resolution asked for, or a file not be written.
 */
export async function writeSummaryPicture(
  directory: string,
  { options, stale = [], drawn = [], ...compared }: ComparedLayers & {
    options: PictureOptions;
    stale?: readonly PictureFormat[];
    drawn?: readonly FigureFile[];
  },
): Promise<string[]> {
  const there = new Set(drawn.map(({ path }) => path));
  const { formats: asked = ["png"] } = options;
  const formats = [...new Set([...asked, ...stale])].filter((format) =>
    !there.has(summaryPicturePath(directory, format))
  );
  const others = formats.length === 0
    ? []
    : await drawSummaryPicture(directory, compared, { ...options, formats });
  return await writeFigureFiles([...drawn, ...others]);
}

function panelOf(
  layer: LayerSummary,
  { record, means, features }: LayerSlots,
  isBest: boolean,
): SlotsPanel {
  if (layer.sae === "unsupervised") {
    return {
      layer: layer.layer,
      features: { ...features, summary: figuresOf(layer) },
      isSigned: record.signed,
    };
  }
  const { mean_diagonal, mean_off_diagonal, binding_accuracy } = layer;
  if (mean_diagonal === null || binding_accuracy === null) {
    return { layer: layer.layer, features: { means: features.means, indices: features.indices } };
  }
  const parts = [
    `diagonal ${mean_diagonal.toFixed(2)}`,
    ...(mean_off_diagonal === null ? [] : [`off-diagonal ${mean_off_diagonal.toFixed(2)}`]),
    `binding accuracy ${(100 * binding_accuracy).toFixed(1)} %`,
  ];
  const slots = { means, count: record.slotCount, summary: parts.join(", "), isBest };
  return { layer: layer.layer, slots };
}

/** What an SAE without slots comes to, in one line. */
function figuresOf(layer: LayerSummary): string {
  const { mean_selectivity, active_per_question, unexplained_variance } = layer;
  return [
    ...(mean_selectivity === undefined ? [] : [`selectivity ${mean_selectivity.toFixed(2)}`]),
    ...(active_per_question === undefined ? [] : [`${active_per_question.toFixed(1)} active`]),
    ...(unexplained_variance === undefined || unexplained_variance === null
      ? []
      : [`unexplained variance ${unexplained_variance.toPrecision(2)}`]),
  ].join(", ");
}
