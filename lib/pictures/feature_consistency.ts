/**
 * The most consistent features: `layer{00}_feature_consistency`.
 *
 * @module
 */
import type { Recipe } from "./recipe.ts";
import { type Name, nameColumns } from "../plot/axes.ts";
import type { Figure } from "../plot/figure.ts";
import { isRanked } from "../results/artifact.ts";
import { layerTitle } from "../results/layer_name.ts";
import {
  defaultRank,
  inches,
  type LayerPicture,
  mayBeNegative,
  SLOT_INK,
  withCommas,
} from "./layer_picture.ts";
import type { FeatureRank } from "./names.ts";
import { layerHeatmap } from "./layer_heatmap.ts";
import { chooseShareMap, type ColorChoice } from "./picture_scale.ts";
import { rankFeatures } from "./ranked_features.ts";

const SIZE = inches(16, 6);
const NAMES = { size: 8 } as const;
/** How many features are shown. */
const SHOWN = 100;

/** The picture `layer{00}_feature_consistency`. */
export const consistency: Recipe = {
  file: "feature_consistency",
  isOf: isRanked,
  array: "consistency",
  dpi: 150,
  figure: (picture, { activation_threshold: threshold }, options) =>
    featureConsistency(picture, { ...options, threshold }),
};

/** What the consistencies are of, and how they are drawn. */
export interface ConsistencyOptions extends ColorChoice {
  /** Activations above it counted. */
  readonly threshold: number;
  /** How features are chosen. Default: for each relation; of other SAEs than AlignSAE's `selective`. */
  readonly rank?: FeatureRank | undefined;
}

/**
 * The most consistent features, slots among them: those of each relation, or those with the highest
 * mean over the relations. A feature that is above the threshold in no question is none of them.
 *
 * @param picture Its matrix holds the consistencies.
 */
export function featureConsistency(
  picture: LayerPicture,
  { threshold, rank = defaultRank(picture), ...colors }: ConsistencyOptions,
): Figure {
  const { layer, layout: { freeCount, slotCount }, relations, matrix, slotNames = [] } = picture;
  const stride = freeCount + slotCount;
  const { columns, groups, notes } = rankFeatures(picture, {
    end: stride,
    count: SHOWN,
    rank,
    what: "features",
    best: "most consistent",
    measure: "share of questions above the threshold",
    keepZeros: false,
  });
  const view = { values: matrix, rows: relations.length, stride, columns };
  const own = { mayBeNegative: mayBeNegative(picture), reference: { map: "YlOrRd" } } as const;
  const scale = { map: chooseShareMap(own, colors), low: 0, high: 1 };
  const title = [
    `${layerTitle(layer)}: Feature Consistency Across Samples`,
    `(Values = Fraction of samples where feature activates > ${threshold})`,
  ];
  const shown = columns.length < SHOWN ? "" : `Top ${withCommas(SHOWN)} `;
  const names = columns.map((feature): Name => {
    if (feature < freeCount || slotCount === 0) return { text: `F${feature}` };
    const slot = feature - freeCount;
    const relation = slotNames[slot];
    return {
      text: relation === undefined ? `S${slot}` : `S${slot} ${relation}`,
      color: SLOT_INK.name,
    };
  });
  return layerHeatmap({
    size: SIZE,
    title,
    caption: [
      ...picture.caption,
      ...(colors.reference ? ["colours as in AlignSAE's script"] : []),
      ...notes,
    ],
    view,
    scale,
    valueTitle: "Consistency (fraction of samples)",
    relations,
    columnAxis: (width) => nameColumns(names, NAMES, width),
    groups,
    columnTitle: rank === "mean" || groups.length === 0
      ? `${shown}Most Consistent Features`
      : `${shown}Most ${
        rank === "selective" ? "Selective" : "Consistent"
      } Features (under the relation they are most consistent for)`,
    print: { rows: { size: 11 }, titles: { size: 13, weight: "bold" } },
  });
}
