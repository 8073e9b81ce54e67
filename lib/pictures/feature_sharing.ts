/**
 * Which relations share their best features: `layer{00}_feature_sharing`.
 *
 * @module
 */
import { format } from "d3-format";
import { nameColumns } from "../plot/axes.ts";
import { colorMap } from "../plot/color_map.ts";
import { sequentialScale } from "../plot/color_scale.ts";
import type { Figure } from "../plot/figure.ts";
import { layerTitle } from "../results/layer_name.ts";
import { listOverlap } from "../stats/list_overlap.ts";
import { sharedCounts, topLists } from "../stats/shared_features.ts";
import { layerHeatmap } from "./layer_heatmap.ts";
import { inches, withCommas } from "./layer_picture.ts";
import type { ColorChoice } from "./picture_scale.ts";
import type { SitePicture, SiteStatistics } from "./site_picture.ts";

/** How many features are on a list. */
const LENGTH = 20;
const SIZE = inches(8, 6.5);
/** What is around the cells, about, and the least that a cell needs, in points. */
const AROUND = { width: 240, height: 190 } as const;
const CELL = { width: 30, height: 20 } as const;
const NAMES = { size: 10 } as const;

/** The picture `layer{00}_feature_sharing`. */
export const sharing: SitePicture = { file: "feature_sharing", dpi: 150, figure: featureSharing };

/** How many of their best free features each two relations share. It grows with the relations. */
export function featureSharing(
  { site, freeCount, relations, caption }: SiteStatistics,
  { colorMap: map = "YlOrRd" }: ColorChoice = {},
): Figure {
  const { layer, measures, record: { n_features } } = site;
  const rows = relations.length;
  const shape = { groups: rows, stride: n_features, end: freeCount, length: LENGTH };
  const lists = topLists(measures.auroc, shape);
  const values = sharedCounts(lists);
  const what = freeCount < n_features ? "free features" : "features";
  const full = Math.min(LENGTH, freeCount);
  const { expected } = listOverlap(0, { features: freeCount, first: full, second: full });
  return layerHeatmap({
    size: {
      width: Math.max(SIZE.width, AROUND.width + CELL.width * rows),
      height: Math.max(SIZE.height, AROUND.height + CELL.height * rows),
    },
    title: [`${layerTitle(layer)}: Features That Relations Share`],
    caption: [
      ...caption,
      `of each relation the ${LENGTH} ${what} with the greatest AUROC above ½; on the diagonal: how ` +
      "many there are",
      `two lists drawn blindly from ${withCommas(freeCount)} ${what} share ` +
      `${expected < 0.1 ? expected.toPrecision(1) : expected.toFixed(1)} on average`,
      "of the lists, no interval is claimed: a list of a layer that tells nothing apart is chance",
    ],
    view: { values, rows, stride: rows, columns: { start: 0, end: rows } },
    scale: sequentialScale(colorMap(map), values, 0),
    valueTitle: "Shared Features",
    relations,
    columnAxis: (width) => nameColumns(relations.map((text) => ({ text })), NAMES, width),
    columnTitle: "Relation",
    rowTitle: "Relation",
    print: { rows: { size: 10 }, titles: { size: 12 } },
    numbers: { format: format("d"), size: 11 },
  });
}
