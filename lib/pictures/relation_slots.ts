/**
 * The slots alone, with their numbers: `layer{00}_relation_slots_only`.
 *
 * @module
 */
import type { Recipe } from "./recipe.ts";
import { format } from "d3-format";
import type { Figure } from "../plot/figure.ts";
import { viewValues } from "../plot/heatmap.ts";
import { hasSlots } from "../results/artifact.ts";
import { layerTitle } from "../results/layer_name.ts";
import { layerHeatmap } from "./layer_heatmap.ts";
import { inches, type LayerPicture, mayBeNegative } from "./layer_picture.ts";
import { chooseScale, type ColorChoice, scaleNotes } from "./picture_scale.ts";
import { nameSlots } from "./slot_axis.ts";

const SIZE = inches(8, 6);
/** What is around the cells, about, and the least that a cell needs, in points. */
const AROUND = { width: 200, height: 140 } as const;
const CELL = { width: 30, height: 18 } as const;
const NAMES = { size: 10 } as const;
/** No side gets longer than this, in points. */
const MOST = inches(40, 40).width;

/** The picture `layer{00}_relation_slots_only`. */
export const slots: Recipe = {
  file: "relation_slots_only",
  isOf: hasSlots,
  array: "means",
  dpi: 150,
  figure: (picture, _, options) => relationSlots(picture, options),
};

/**
 * The slots of a layer with a supervised SAE. It grows with the numbers of slots and relations.
 *
 * @throws {RangeError} If there are no slots.
 */
export function relationSlots(picture: LayerPicture, colors: ColorChoice = {}): Figure {
  const { layer, layout: { freeCount, slotCount }, relations, matrix, slotNames = [] } = picture;
  if (slotCount === 0) throw new RangeError("Cannot draw the slots of an SAE that has none");
  const stride = freeCount + slotCount;
  const columns = { start: freeCount, end: stride };
  const view = { values: matrix, rows: relations.length, stride, columns };
  const own = { mayBeNegative: mayBeNegative(picture), reference: { map: "RdYlBu_r" } } as const;
  const scale = chooseScale(viewValues(view), own, colors);
  const size = {
    width: Math.min(MOST, Math.max(SIZE.width, AROUND.width + CELL.width * slotCount)),
    height: Math.min(MOST, Math.max(SIZE.height, AROUND.height + CELL.height * relations.length)),
  };
  const numbers = Array.from({ length: slotCount }, (_, slot) => `Slot ${slot}`);
  const title = [
    `${layerTitle(layer)}: Relation Slots Only (Supervised 1-to-1 SAE)`,
    "(Rows=Query, Cols=Activated Slot)",
  ];
  return layerHeatmap({
    size,
    title,
    caption: [...picture.caption, ...scaleNotes(viewValues(view), scale, colors)],
    view,
    scale,
    valueTitle: "Mean Activation",
    relations,
    columnAxis: (width) => nameSlots({ numbers, names: slotNames, style: NAMES }, width),
    columnTitle: "Relation Slot",
    print: { rows: { size: 10 }, titles: { size: 12 } },
    numbers: { format: format(".3f"), size: 11 },
  });
}
