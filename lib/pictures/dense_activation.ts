/**
 * All features as columns, all relations as rows: `layer{00}_dense_activation_heatmap`.
 *
 * A relation slot would be half a pixel wide beside 10,000 free features, so the slots get a strip
 * of their own after the cyan line, wide enough for their numbers.
 *
 * @module
 */
import type { Recipe } from "./recipe.ts";
import { format } from "d3-format";
import { outline } from "../plot/axes.ts";
import type { Box } from "../plot/box.ts";
import { cellNumbers } from "../plot/cell_numbers.ts";
import type { Figure, Mark } from "../plot/figure.ts";
import { frame } from "../plot/frame.ts";
import { heatmap, type MatrixView, solid } from "../plot/heatmap.ts";
import { panel } from "../plot/panel.ts";
import { text, textHeight, textWidth } from "../plot/text.ts";
import { layerTitle } from "../results/layer_name.ts";
import { cappedValues } from "./capped_values.ts";
import { featureAxis, NUMBERS, planStrips, SLOT_LINE, type Strips } from "./feature_strips.ts";
import {
  figure,
  inches,
  type LayerPicture,
  mayBeNegative,
  SHARED_PIXELS,
  SLOT_INK,
  withCommas,
} from "./layer_picture.ts";
import { chooseScale, type ColorChoice, scaleNotes } from "./picture_scale.ts";

const SIZE = inches(24, 8);
const TITLE_SIZE = 16;
const CAPTION_SIZE = 10;
const NAMES = { size: 12 } as const;
const TITLES = { size: 14, weight: "bold" } as const;
const HEADING = { size: 11, weight: "bold" } as const;
/** The distance of the heading from the strip, in points. */
const HEADING_GAP = 2;

/** The picture `layer{00}_dense_activation_heatmap`. */
export const dense: Recipe = {
  file: "dense_activation_heatmap",
  array: "means",
  isLong: true,
  dpi: 200,
  figure: (picture, _, options) => denseActivation(picture, options),
};

/** The dense heatmap of a layer's activation matrix. */
export function denseActivation(picture: LayerPicture, colors: ColorChoice = {}): Figure {
  const { layer, layout, relations, matrix } = picture;
  const { freeCount, slotCount } = layout;
  const own = { mayBeNegative: mayBeNegative(picture), reference: { map: "hot", low: 0 } } as const;
  const { values, notes: cuts } = picture.kind === "unsupervised" && !colors.reference
    ? cappedValues(matrix, freeCount)
    : { values: matrix, notes: [] };
  const scale = chooseScale(values, own, colors);
  const title = [`${layerTitle(layer)}: Feature Activation by Queried Relation`, subtitle(picture)];
  const page = (caption: readonly string[]) =>
    frame({ title, titleSize: TITLE_SIZE, caption, captionSize: CAPTION_SIZE }, SIZE);
  const body = (box: Box) =>
    panel({
      rowNames: relations,
      rowTitle: "Queried Relation",
      columnAxis: (width) => featureAxis(picture, planStrips(layout, width)),
      columnTitle: "Feature Index",
      scale,
      valueTitle: "Mean Activation",
      headroom: slotCount > 0 ? textHeight(1, HEADING) + HEADING_GAP : 0,
      print: { names: NAMES, titles: TITLES, numbers: NUMBERS },
    }, box);

  const notes = [...picture.caption, ...scaleNotes(matrix, scale, colors), ...cuts];
  // How wide the strips are hangs on the caption's height only through the rows' names; one
  // caption of the final length settles it.
  const draft = planStrips(layout, body(page([...notes, stripNote(1000)]).box).box.width);
  const { marks, box } = page([
    ...notes,
    SHARED_PIXELS,
    ...(draft.magnification > 1 ? [stripNote(draft.magnification)] : []),
  ]);
  const inner = body(box);
  const strips = planStrips(layout, inner.box.width);
  const free = { ...inner.box, width: strips.free };
  const slots = { ...inner.box, x: inner.box.x + strips.slotStart, width: strips.slots };
  const rows = { values: matrix, rows: relations.length, stride: freeCount + slotCount };
  const freeView: MatrixView = { ...rows, columns: { start: 0, end: freeCount } };
  const slotView: MatrixView = { ...rows, columns: { start: freeCount, end: rows.stride } };
  return figure(title, SIZE, [
    ...marks,
    ...inner.marks,
    outline(inner.box),
    heatmap(freeView, scale, free),
    ...(slotCount === 0 ? [] : [
      heatmap(slotView, scale, slots),
      slotLine(inner.box, strips),
      ...cellNumbers(slotView, slots, { scale, format: format(".2f"), size: NUMBERS.size }),
      slotHeading(inner.box, slots),
    ]),
  ]);
}

function subtitle({ kind, source, layout: { freeCount, slotCount } }: LayerPicture): string {
  if (kind === "unsupervised") return `${source ?? "SAE"}: ${withCommas(freeCount)} Features`;
  return kind === "traditional"
    ? `Traditional SAE: ${withCommas(freeCount)} Hidden Features (No Supervision)`
    : `Supervised 1-to-1 SAE: ${withCommas(freeCount)} Free + ${slotCount} Relation Slot${
      slotCount === 1 ? "" : "s"
    }`;
}

function stripNote(magnification: number): string {
  return `the scale changes at the cyan line: a relation slot is drawn ${
    withCommas(Number(magnification.toPrecision(2)))
  } times as wide as a free feature`;
}

/** The guide's cyan line where the slots start. */
function slotLine({ x, y, height }: Box, { free }: Strips): Mark {
  return solid({ x: x + free, y, width: SLOT_LINE, height }, SLOT_INK.line);
}

/** Above the slots, and further to the left if it is wider than they are. */
function slotHeading(box: Box, slots: Box): Mark {
  const label = "Relation Slots";
  const isNarrow = textWidth(label, HEADING) > slots.width;
  return text(label, {
    ...HEADING,
    x: isNarrow ? box.x + box.width : slots.x + slots.width / 2,
    y: box.y - HEADING_GAP,
    align: isNarrow ? "end" : "middle",
    across: "bottom",
    color: SLOT_INK.name,
  });
}
