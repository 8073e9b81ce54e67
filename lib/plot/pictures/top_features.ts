/**
 * The most active free features: `layer{00}_top50_free_features`.
 *
 * @module
 */
import { rankByMean } from "../../stats/rank_by_mean.ts";
import type { Figure } from "../figure.ts";
import { viewValues } from "../heatmap.ts";
import { layerHeatmap } from "./layer_heatmap.ts";
import { inches, type LayerPicture, SHARED_PIXELS, withCommas } from "./layer_picture.ts";
import { chooseScale, type ColorChoice, scaleNotes } from "./picture_scale.ts";

const SIZE = inches(14, 6);
/** So many columns may be more than there are pixels. */
const MANY = 250;

/**
 * The free features with the highest mean over the relations, descending.
 *
 * @param count How many; all if there are fewer.
 */
export function topFreeFeatures(
  picture: LayerPicture,
  { count, ...colors }: ColorChoice & { count: number },
): Figure {
  const { layer, layout: { freeCount, slotCount }, relations, matrix } = picture;
  const stride = freeCount + slotCount;
  const columns = rankByMean(matrix, { rows: relations.length, stride, end: freeCount }, count);
  const view = { values: matrix, rows: relations.length, stride, columns };
  const values = viewValues(view);
  const least = Math.min(0, values.reduce((a, b) => Math.min(a, b)));
  const scale = chooseScale(values, { map: "hot", low: least }, colors);
  const shown = withCommas(columns.length);
  const title = [
    columns.length < count
      ? `Layer ${layer}: All ${shown} Free Features by Relation, Most Active First`
      : `Layer ${layer}: Top ${shown} Most Active Free Feature${
        columns.length === 1 ? "" : "s"
      } by Relation`,
  ];
  const caption = [
    ...picture.caption,
    ...scaleNotes(values, scale),
    "ranked by the mean over the relations, so that a feature of one relation may be missing",
    ...(columns.length > MANY ? [SHARED_PIXELS] : []),
  ];
  return layerHeatmap({
    size: SIZE,
    title,
    caption,
    view,
    scale,
    valueTitle: "Mean Activation",
    relations,
    columns: columns.map((feature) => ({ text: `F${feature}` })),
    columnTitle: columns.length < count
      ? "Free Features (by avg activation)"
      : `Top ${shown} Free Features (by avg activation)`,
    print: { rows: { size: 10 }, columns: { size: 8 }, titles: { size: 12, weight: "bold" } },
  });
}
