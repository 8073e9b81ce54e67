/**
 * The free features that tell most of the relations: `layer{00}_top50_free_features`.
 *
 * @module
 */
import { TOP_FEATURES } from "./names.ts";
import type { Recipe } from "./recipe.ts";
import { nameColumns } from "../plot/axes.ts";
import type { Figure } from "../plot/figure.ts";
import { viewValues } from "../plot/heatmap.ts";
import type { FeatureRank } from "./names.ts";
import { layerHeatmap } from "./layer_heatmap.ts";
import {
  inches,
  type LayerPicture,
  mayBeNegative,
  SHARED_PIXELS,
  withCommas,
} from "./layer_picture.ts";
import { chooseScale, type ColorChoice, scaleNotes } from "./picture_scale.ts";
import { rankFeatures } from "./ranked_features.ts";

const SIZE = inches(14, 6);
const NAMES = { size: 8 } as const;
/** So many columns may be more than there are pixels. */
const MANY = 250;

/** The picture `layer{00}_top50_free_features`; the number is how many there are or are asked for. */
export const top: Recipe = {
  file: "top#_free_features",
  number: {
    of: ({ topFeatures = TOP_FEATURES }, { n_free }) => Math.min(topFeatures, n_free),
    options: (topFeatures) => ({ topFeatures }),
  },
  needsSlots: false,
  array: "means",
  dpi: 150,
  figure: (picture, _, { topFeatures: count = TOP_FEATURES, ...options }) =>
    topFreeFeatures(picture, { ...options, count }),
};

/** Which free features are shown, and how. */
export interface TopFeaturesOptions extends ColorChoice {
  /** How many; all if there are fewer. */
  readonly count: number;
  /** How they are chosen. Default: for each relation. */
  readonly rank?: FeatureRank | undefined;
}

/**
 * The free features of a layer that tell most: each relation's strongest and most selective ones, or
 * those with the highest mean over the relations.
 */
export function topFreeFeatures(
  picture: LayerPicture,
  { count, rank = "relation", ...colors }: TopFeaturesOptions,
): Figure {
  const { layer, layout: { freeCount, slotCount }, relations, matrix } = picture;
  const what = freeCount === 1 ? "free feature" : "free features";
  const { columns, groups, notes } = rankFeatures(picture, {
    end: freeCount,
    count,
    rank,
    what,
    best: "strongest",
    keepZeros: true,
  });
  const view = { values: matrix, rows: relations.length, stride: freeCount + slotCount, columns };
  const values = viewValues(view);
  const least = Math.min(0, values.reduce((a, b) => Math.min(a, b)));
  const reference = { map: "hot", low: least } as const;
  const own = { mayBeNegative: mayBeNegative(picture), reference };
  const scale = chooseScale(values, own, colors);
  const shown = withCommas(columns.length);
  const isAll = columns.length === freeCount && columns.length < count;
  const features = columns.length === 1 ? "Free Feature" : "Free Features";
  const chosen = isAll ? `All ${shown} ${features}` : `Top ${shown} ${features}`;
  const title = rank === "relation"
    ? `${chosen}: Each Relation's Strongest and Most Selective`
    : isAll
    ? `${chosen} by Relation, Most Active First`
    : `Top ${shown} Most Active ${features} by Relation`;
  return layerHeatmap({
    size: SIZE,
    title: [`Layer ${layer}: ${title}`],
    caption: [
      ...picture.caption,
      ...scaleNotes(values, scale, colors),
      ...(columns.length < count
        ? [
          `${withCommas(count)} were asked for and ${shown} ${
            columns.length === 1 ? "is" : "are"
          } shown: the SAE has ${withCommas(freeCount)} ${what}`,
        ]
        : []),
      ...notes,
      ...(columns.length > MANY ? [SHARED_PIXELS] : []),
    ],
    view,
    scale,
    valueTitle: "Mean Activation",
    relations,
    columnAxis: (width) =>
      nameColumns(columns.map((feature) => ({ text: `F${feature}` })), NAMES, width),
    groups,
    columnTitle: rank === "relation"
      ? `${chosen} (under the relation they are strongest for)`
      : `${isAll ? "Free Features" : chosen} (by avg activation)`,
    print: { rows: { size: 10 }, titles: { size: 12, weight: "bold" } },
  });
}
