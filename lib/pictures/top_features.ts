/**
 * The free features that tell most of the relations: `layer{00}_top50_free_features`.
 *
 * @module
 */
import { type FeatureRank, TOP_FEATURES } from "./names.ts";
import type { Recipe } from "./recipe.ts";
import { nameColumns } from "../plot/axes.ts";
import type { Figure } from "../plot/figure.ts";
import { viewValues } from "../plot/heatmap.ts";
import { layerTitle } from "../results/layer_name.ts";
import { DISCOVERY_Q } from "../results/discovery.ts";
import { WITHOUT_HALF } from "./interval_words.ts";
import { layerHeatmap } from "./layer_heatmap.ts";
import {
  defaultRank,
  type Discoveries,
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
    of: ({ topFeatures = TOP_FEATURES }, { freeCount }) => Math.min(topFeatures, freeCount),
    options: (topFeatures) => ({ topFeatures }),
  },
  array: "means",
  rankedBy: "consistency",
  marksDiscoveries: true,
  dpi: 150,
  figure: (picture, _, { topFeatures: count = TOP_FEATURES, ...options }) =>
    topFreeFeatures(picture, { ...options, count }),
};

/** Which free features are shown, and how. */
export interface TopFeaturesOptions extends ColorChoice {
  /** How many; all if there are fewer. */
  readonly count: number;
  /** How they are chosen. Default: for each relation; of other SAEs than AlignSAE's `selective`. */
  readonly rank?: FeatureRank | undefined;
}

/**
 * The free features of a layer that tell most: each relation's strongest and most selective ones, or
 * those with the highest mean over the relations.
 */
export function topFreeFeatures(
  picture: LayerPicture,
  { count, rank = defaultRank(picture), ...colors }: TopFeaturesOptions,
): Figure {
  const { layer, layout: { freeCount, slotCount }, relations, kind, consistency, discoveries } =
    picture;
  const free = slotCount === 0 && kind === "unsupervised" ? "" : "free ";
  const what = freeCount === 1 ? `${free}feature` : `${free}features`;
  const isByShare = rank === "selective" && consistency !== undefined;
  const { columns, groups, notes } = rankFeatures(
    isByShare ? { ...picture, matrix: consistency } : picture,
    {
      end: freeCount,
      count,
      rank,
      what,
      best: "strongest",
      measure: isByShare ? "share of questions above the threshold" : "mean activation",
      keepZeros: true,
    },
  );
  const stride = freeCount + slotCount;
  const isOwnScale = kind === "unsupervised";
  const matrix = isOwnScale
    ? sharesOfGreatest(picture.matrix, { rows: relations.length, stride, columns })
    : picture.matrix;
  const view = { values: matrix, rows: relations.length, stride, columns };
  const values = viewValues(view);
  const least = Math.min(0, values.reduce((a, b) => Math.min(a, b)));
  const reference = { map: "hot", low: least } as const;
  const own = { mayBeNegative: mayBeNegative(picture), reference };
  const scale = chooseScale(values, own, colors);
  const shown = withCommas(columns.length);
  const isAll = columns.length === freeCount && columns.length < count;
  const features = `${free === "" ? "" : "Free "}${columns.length === 1 ? "Feature" : "Features"}`;
  const chosen = isAll ? `All ${shown} ${features}` : `Top ${shown} ${features}`;
  const title = rank === "selective"
    ? `${chosen}: Each Relation's Most Selective`
    : rank === "relation"
    ? `${chosen}: Each Relation's Strongest and Most Selective`
    : isAll
    ? `${chosen} by Relation, Most Active First`
    : `Top ${shown} Most Active ${features} by Relation`;
  return layerHeatmap({
    size: SIZE,
    title: [`${layerTitle(layer)}: ${title}`],
    caption: [
      ...picture.caption,
      ...scaleNotes(values, scale, colors),
      ...(isOwnScale
        ? ["each feature's mean activations are shown as shares of its greatest one"]
        : []),
      ...(columns.length < Math.min(count, freeCount) && rank === "selective"
        ? [`no other ${what} are selective`]
        : columns.length < count
        ? [
          `${withCommas(count)} were asked for and ${shown} ${
            columns.length === 1 ? "is" : "are"
          } shown: the SAE has ${withCommas(freeCount)} ${what}`,
        ]
        : []),
      ...notes,
      ...(columns.length > MANY ? [SHARED_PIXELS] : []),
      ...(discoveries === undefined ? [] : [marksNote(discoveries, columns.length)]),
    ],
    view,
    scale,
    ...(discoveries !== undefined && {
      isMarked: (row: number, column: number) =>
        discoveries.flags[row * stride + columns[column]!] === 1,
    }),
    valueTitle: isOwnScale ? "Mean Activation (share of its greatest)" : "Mean Activation",
    relations,
    columnAxis: (width) =>
      nameColumns(columns.map((feature) => ({ text: `F${feature}` })), NAMES, width),
    groups,
    columnTitle: rank === "relation" && groups.length === 0
      ? chosen
      : rank === "mean"
      ? `${isAll ? features : chosen} (by avg activation)`
      : `${chosen} (under the relation they are ${
        rank === "selective" ? "most selective" : "strongest"
      } for)`,
    print: { rows: { size: 10 }, titles: { size: 12, weight: "bold" } },
  });
}

/** What an asterisk is, or that there is no room for any. */
function marksNote({ tests, intervals }: Discoveries, columns: number): string {
  return columns > MANY
    ? "too many columns for marks of discoveries"
    : `*: a discovery, q ≤ ${DISCOVERY_Q} over ${withCommas(tests)} tests and an interval of the ` +
      `AUROC ${WITHOUT_HALF[intervals]}`;
}

/**
 * The values of some features as shares of the greatest magnitude of each: activations of features of
 * one SAE differ by orders of magnitude. All other columns are 0.
 */
function sharesOfGreatest(
  matrix: Float32Array | Float64Array,
  { rows, stride, columns }: { rows: number; stride: number; columns: readonly number[] },
): Float32Array {
  const shares = new Float32Array(matrix.length);
  for (const column of columns) {
    let greatest = 0;
    for (let row = 0; row < rows; row++) {
      greatest = Math.max(greatest, Math.abs(matrix[row * stride + column]!));
    }
    if (greatest === 0) continue;
    for (let row = 0; row < rows; row++) {
      shares[row * stride + column] = matrix[row * stride + column]! / greatest;
    }
  }
  return shares;
}
