/**
 * How selective each feature is, and how sure that is: `layer{00}_selectivity_volcano`.
 *
 * @module
 */
import { outline } from "../plot/axes.ts";
import { type Box, inset, overlap } from "../plot/box.ts";
import { ring } from "../plot/band.ts";
import type { Figure, Mark } from "../plot/figure.ts";
import {
  dashes,
  numbersAtLeft,
  numbersBelow,
  numbersHeight,
  numbersWidth,
  type Plane,
  planeOf,
} from "../plot/number_axis.ts";
import { scatter } from "../plot/scatter.ts";
import { text, textBox, textHeight } from "../plot/text.ts";
import { layerTitle } from "../results/layer_name.ts";
import { DISCOVERY_Q } from "../results/discovery.ts";
import type { QualifiedSelectivity } from "../results/selectivity_table.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { topFeatures } from "../stats/top_features.ts";
import { figure, withCommas } from "./layer_picture.ts";
import { PANEL_TITLES, panelPage, panelTitles } from "./panel_grid.ts";
import type { SitePicture, SiteStatistics } from "./site_picture.ts";
import { dotsOf, testedFeatures } from "./volcano_dots.ts";

const PANEL = { width: 220, height: 200 } as const;
const NUMBERS = { size: 8 } as const;
const AXIS_TITLE = { size: 9 } as const;
const LABEL = { size: 7.5 } as const;
const AUROC = { domain: [-0.02, 1.02], count: 5 } as const;
const INK = {
  none: { color: "#b3b3b3", rgb: [179, 179, 179] },
  above: { color: "#c44e00", rgb: [196, 78, 0] },
  below: { color: "#2b5fa8", rgb: [43, 95, 168] },
  slot: { color: "#007a8a", rgb: [0, 122, 138] },
} as const;
const RADIUS = { feature: 1.2, slot: 4 } as const;
const DOTS = {
  radius: RADIUS.feature,
  inks: { none: INK.none.rgb, above: INK.above.rgb, below: INK.below.rgb },
} as const;
/** How many features of a panel have a name. */
const NAMED = 3;
/** How far names stand from what they name. */
const BESIDE = { dot: 4, ring: 8 } as const;
const THRESHOLD = "#555555";

/** The picture `layer{00}_selectivity_volcano`. */
export const volcano: SitePicture = {
  file: "selectivity_volcano",
  dpi: 150,
  figure: selectivityVolcano,
};

/** The AUROC of each feature against its log10 q, a panel a relation. */
export function selectivityVolcano(statistics: SiteStatistics): Figure {
  const { site, tests, freeCount, relations, caption } = statistics;
  const { layer, log10Q, record: { n_features, notes, persons } } = site;
  const hasSlots = freeCount < n_features;
  const least = log10Q.reduce((a, b) => b < a ? b : a, -2);
  const title = [`${layerTitle(layer)}: Selectivity of Each Feature`, "(AUROC against −log10 q)"];
  const page = panelPage({
    title,
    caption: [
      ...caption,
      `a dot is a feature; a discovery has q ≤ ${DISCOVERY_Q} over ${
        withCommas(tests)
      } tests, and an ` +
      "interval of its AUROC without ½; dashed: that q",
      `a grey dot above it has no interval (fewer than ${LEAST_PERSONS} ${
        persons === null ? "questions" : "persons"
      } are active in the ` +
      "relation), or one that holds ½",
      ...notes,
    ],
    key: [
      { color: INK.above.color, name: "discovery, higher in the relation" },
      { color: INK.below.color, name: "discovery, lower in it" },
      { color: INK.none.color, name: "no discovery" },
      ...(hasSlots ? [{ color: INK.slot.color, name: "the relation's slot", isRing: true }] : []),
    ],
    count: relations.length,
    panel: PANEL,
  });
  const axis = { domain: [-0.03 * -least, -least * 1.06] as const, count: 4 };
  const marks = relations.flatMap((name, group) =>
    panelMarks(name, { ...statistics, group, axis }, page.boxes[group]!)
  );
  return figure(title, page.size, [...page.marks, ...marks]);
}

function panelMarks(
  name: string,
  { site, freeCount, group, axis }: SiteStatistics & {
    group: number;
    axis: { domain: readonly [number, number]; count: number };
  },
  box: Box,
): Mark[] {
  const { measures: { auroc }, log10Q, record: { n_features, groups } } = site;
  const titleRoom = textHeight(1, AXIS_TITLE) + 4;
  const inner = inset(box, {
    left: titleRoom + numbersWidth(axis, NUMBERS),
    top: PANEL_TITLES,
    bottom: numbersHeight(NUMBERS) + titleRoom,
  });
  const plane = planeOf(inner, { x: AUROC, y: axis });
  const slot = freeCount + groups[group]!.index;
  const cellOf = (feature: number) => group * n_features + feature;
  const place = (feature: number) => ({
    x: plane.x(auroc[cellOf(feature)]!),
    y: plane.y(Math.abs(log10Q[cellOf(feature)]!)),
  });
  const tested = testedFeatures(site, group);
  const found = tested.found;
  const hasSlot = slot < n_features && !Number.isNaN(log10Q[cellOf(slot)]!);
  const count = `${withCommas(found.length)} of ${withCommas(n_features)} are discoveries`;
  const y = plane.y(-Math.log10(DISCOVERY_Q));
  return [
    ...panelTitles(name, count, { ...box, x: inner.x, width: inner.width }),
    outline(inner),
    ...numbersAtLeft(axis, inner, NUMBERS),
    ...numbersBelow({ domain: AUROC.domain, count: AUROC.count }, inner, NUMBERS),
    scatter(dotsOf(site, { ...tested, group, plane, style: DOTS }), inner),
    ...dashes([inner.x, y], [inner.x + inner.width, y], { color: THRESHOLD }),
    ...(hasSlot ? [ringOf(place(slot))] : []),
    ...labels(site, {
      found,
      cellOf,
      plane,
      inner,
      freeCount,
      threshold: { x: inner.x, y, width: inner.width, height: 0 },
      slot: hasSlot ? slot : undefined,
    }),
    text("−log10 q", {
      ...AXIS_TITLE,
      x: box.x,
      y: inner.y + inner.height / 2,
      align: "middle",
      turned: true,
    }),
    text("AUROC", {
      ...AXIS_TITLE,
      x: inner.x + inner.width / 2,
      y: box.y + box.height,
      align: "middle",
      across: "bottom",
    }),
  ];
}

/** What the ring of a slot covers. */
function ringBox(plane: Plane, auroc: Float64Array, log10Q: Float64Array, cell: number): Box {
  const [x, y, reach] = [plane.x(auroc[cell]!), plane.y(-log10Q[cell]!), RADIUS.slot + 1];
  return { x: x - reach, y: y - reach, width: 2 * reach, height: 2 * reach };
}

function ringOf({ x, y }: { x: number; y: number }): Mark {
  return ring(x, y, { color: INK.slot.color, radius: RADIUS.slot });
}

/** The names of the strongest discoveries, where no other name stands and the threshold does not run. */
function labels(
  { measures: { auroc }, log10Q }: QualifiedSelectivity,
  { found, cellOf, plane, inner, freeCount, threshold, slot }: {
    found: readonly number[];
    cellOf: (feature: number) => number;
    plane: Plane;
    inner: Box;
    freeCount: number;
    threshold: Box;
    slot: number | undefined;
  },
): Mark[] {
  // Slots are called as in the other pictures.
  const nameOf = (feature: number) =>
    feature < freeCount ? `F${feature}` : `S${feature - freeCount}`;
  const free = found.filter((feature) => feature !== slot && auroc[cellOf(feature)]! > 0.5);
  // Of equal q, the one with the higher AUROC: a name is for what tells the relation apart best.
  const scores = free.map((feature) => -log10Q[cellOf(feature)]! + auroc[cellOf(feature)]!);
  const strongest = topFeatures(scores, NAMED).map((i) => free[i]!);
  const taken: Box[] = [
    threshold,
    ...(slot === undefined ? [] : [ringBox(plane, auroc, log10Q, cellOf(slot))]),
  ];
  const isFree = (box: Box) =>
    box.x >= inner.x && box.y >= inner.y && taken.every((other) => !overlap(box, other));
  const marks: Mark[] = [];
  for (const feature of strongest) {
    const [x, y] = [plane.x(auroc[cellOf(feature)]!), plane.y(-log10Q[cellOf(feature)]!)];
    const place = { ...LABEL, y, align: "end", across: "middle" } as const;
    // Beside the dot, or beside the slot's ring if that is upon it; else a little higher.
    const label = [[BESIDE.dot, 0], [BESIDE.ring, 0], [0, LABEL.size]]
      .map(([left, up]) => ({ x: x - left!, y: y - up! }))
      .map((at) => text(nameOf(feature), { ...place, ...at }))
      .find((each) => isFree(textBox(each)));
    if (label === undefined) continue;
    taken.push(textBox(label));
    marks.push(label);
  }
  return marks;
}
