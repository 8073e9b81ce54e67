/**
 * The most consistent features: `layer{00}_feature_consistency`.
 *
 * @module
 */
import { rankByMean } from "../../stats/rank_by_mean.ts";
import type { Name } from "../axes.ts";
import { colorMap } from "../color_map.ts";
import { type Figure, INK } from "../figure.ts";
import type { ColorMapName } from "../names.ts";
import { layerHeatmap } from "./layer_heatmap.ts";
import { inches, type LayerPicture, withCommas } from "./layer_picture.ts";

const SIZE = inches(16, 6);
/** How many features are shown. */
const SHOWN = 100;

/**
 * The features with the highest mean consistency, slots among them.
 *
 * @param picture Its matrix holds the consistencies.
 * @param threshold Activations above it counted.
 */
export function featureConsistency(
  picture: LayerPicture,
  { threshold, colorMap: name = "YlOrRd" }: {
    threshold: number;
    colorMap?: ColorMapName | undefined;
  },
): Figure {
  const { layer, layout: { freeCount, slotCount }, relations, matrix } = picture;
  const stride = freeCount + slotCount;
  const columns = rankByMean(matrix, { rows: relations.length, stride, end: stride }, SHOWN);
  const view = { values: matrix, rows: relations.length, stride, columns };
  const scale = { map: colorMap(name), low: 0, high: 1 };
  const title = [
    `Layer ${layer}: Feature Consistency Across Samples`,
    `(Values = Fraction of samples where feature activates > ${threshold})`,
  ];
  const caption = [
    ...picture.caption,
    "ranked by the mean over the relations, so that a feature or slot of one relation may be missing",
  ];
  const shown = columns.length < SHOWN ? "" : `Top ${withCommas(SHOWN)} `;
  return layerHeatmap({
    size: SIZE,
    title,
    caption,
    view,
    scale,
    valueTitle: "Consistency (fraction of samples)",
    relations,
    columns: columns.map((feature): Name =>
      feature < freeCount
        ? { text: `F${feature}` }
        : { text: `S${feature - freeCount}`, color: INK.slot }
    ),
    columnTitle: `${shown}Most Consistent Features`,
    print: { rows: { size: 11 }, columns: { size: 8 }, titles: { size: 13, weight: "bold" } },
  });
}
