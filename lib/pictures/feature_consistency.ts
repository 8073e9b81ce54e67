/**
 * The most consistent features: `layer{00}_feature_consistency`.
 *
 * @module
 */
import type { Recipe } from "./recipe.ts";
import { type Name, nameColumns } from "../plot/axes.ts";
import type { Figure } from "../plot/figure.ts";
import type { FeatureRank } from "./names.ts";
import { layerHeatmap } from "./layer_heatmap.ts";
import { inches, type LayerPicture, mayBeNegative, SLOT_INK, withCommas } from "./layer_picture.ts";
import { chooseShareMap, type ColorChoice } from "./picture_scale.ts";
import { rankFeatures } from "./ranked_features.ts";

const SIZE = inches(16, 6);
const NAMES = { size: 8 } as const;
/** How many features are shown. */
const SHOWN = 100;

/** The picture `layer{00}_feature_consistency`. */
export const consistency: Recipe = {
  file: "feature_consistency",
  needsSlots: true,
  array: "consistency",
  dpi: 150,
  figure: (picture, { activation_threshold: threshold }, options) =>
    featureConsistency(picture, { ...options, threshold }),
};

/** What the consistencies are of, and how they are drawn. */
export interface ConsistencyOptions extends ColorChoice {
  /** Activations above it counted. */
  readonly threshold: number;
  /** How features are chosen. Default: for each relation. */
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
  { threshold, rank = "relation", ...colors }: ConsistencyOptions,
): Figure {
  const { layer, layout: { freeCount, slotCount }, relations, matrix, slotNames = [] } = picture;
  const stride = freeCount + slotCount;
  const { columns, groups, notes } = rankFeatures(picture, {
    end: stride,
    count: SHOWN,
    rank,
    what: "features",
    best: "most consistent",
    keepZeros: false,
  });
  const view = { values: matrix, rows: relations.length, stride, columns };
  const own = { mayBeNegative: mayBeNegative(picture), reference: { map: "YlOrRd" } } as const;
  const scale = { map: chooseShareMap(own, colors), low: 0, high: 1 };
  const title = [
    `Layer ${layer}: Feature Consistency Across Samples`,
    `(Values = Fraction of samples where feature activates > ${threshold})`,
  ];
  const shown = columns.length < SHOWN ? "" : `Top ${withCommas(SHOWN)} `;
  const names = columns.map((feature): Name => {
    if (feature < freeCount) return { text: `F${feature}` };
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
    columnTitle: rank === "relation"
      ? `${shown}Most Consistent Features (under the relation they are most consistent for)`
      : `${shown}Most Consistent Features`,
    print: { rows: { size: 11 }, titles: { size: 13, weight: "bold" } },
  });
}
