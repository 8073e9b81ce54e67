/**
 * Where each relation can be told apart: `all_layers_emergence`.
 *
 * @module
 */
import type { BandStyle } from "../plot/band.ts";
import { type Box, inset } from "../plot/box.ts";
import type { Figure, Mark } from "../plot/figure.ts";
import { type NumberAxis, numbersWidth } from "../plot/number_axis.ts";
import {
  type Emergence,
  emergenceAt,
  type EmergencePoint,
  firstAboveChance,
} from "../results/emergence.ts";
import { kindOfEstimates } from "../results/interval_kind.ts";
import { BANDS_OVER, INTERVALS_HOLD } from "./interval_words.ts";
import {
  axisAround,
  type LayerEstimate,
  layerLines,
  linesBox,
  namesReach,
  NUMBERS,
} from "./layer_lines.ts";
import { figure } from "./layer_picture.ts";
import { type KeyEntry, PANEL_TITLES, panelPage, panelTitles } from "./panel_grid.ts";
import type { RunLayers, RunPicture } from "./run_picture.ts";

/** The least size of a panel, the most that its layers make it wider, and what a layer needs. */
const PANEL = { width: 200, height: 165, most: 420, layer: 11, around: 60 } as const;
/** How far the names of layers may reach in a panel of that height: longer ones make it higher. */
const NAMES_REACH = 40;
/** The values that the axis shows at least. */
const SHOWN = [0.4, 1] as const;
const SLOT: BandStyle = { color: "#007a8a", fill: "rgba(0, 122, 138, 0.22)", radius: 2 };
const FREE: BandStyle = {
  color: "#c44e00",
  fill: "rgba(196, 78, 0, 0.22)",
  radius: 2,
  isSquare: true,
};

/** What the picture shows. */
export interface EmergencePicture extends RunLayers {
  /** What each relation comes to, `[layers][relations]`. */
  readonly points: readonly (readonly Emergence[])[];
}

/** The picture `all_layers_emergence`. */
export const emergenceOverLayers: RunPicture<readonly Emergence[]> = {
  file: "all_layers_emergence",
  dpi: 150,
  keep: ({ record: { layer, freeCount }, site: selectivity }) =>
    emergenceAt({ layer, selectivity, freeCount }),
  figure: ({ kept: points, ...run }) => emergence({ ...run, points }),
};

/** The least width of a panel for so many layers, in points. */
export function panelWidth(layers: number): number {
  return Math.min(PANEL.most, Math.max(PANEL.width, PANEL.around + PANEL.layer * layers));
}

/**
 * How much higher long names of layers make a panel, so that the lines keep their height; in points.
 *
 * @param spare How far names may reach before.
 */
export function roomForNames(layers: readonly string[], spare: number = NAMES_REACH): number {
  const reach = namesReach(layers, panelWidth(layers.length) - PANEL.around);
  return Math.max(0, reach - spare);
}

/** What the caption says of layer 0, which is a site among others where layers are not all there is. */
export function controlNote({ layerTitle }: Pick<RunLayers, "layerTitle">): string {
  const name = layerTitle === "Layer" ? "layer 0" : "pre 0, which is layer 0,";
  return `${name} sees only the length of a question: it is the built-in control`;
}

/** The AUROC of each relation's slot and best free feature over the layers, with bands. */
export function emergence(picture: EmergencePicture): Figure {
  const { layers, relations, points, hasControl = false } = picture;
  const hasSlots = points.some((row) => row.some(({ slot }) => slot !== undefined));
  const what = hasSlots ? "free feature" : "feature";
  const arePersonsKnown = points.flat().every((each) => each.arePersonsKnown);
  const all = arePersonsKnown ? "all persons" : "all questions";
  const key: KeyEntry[] = [
    ...(hasSlots ? [{ color: SLOT.color, name: `the relation's slot (${all})` }] : []),
    {
      color: FREE.color,
      isSquare: true,
      name: `best ${what} (chosen on one half, shown on the other)`,
    },
  ];
  const kind = kindOfEstimates(
    points.flat().flatMap(({ slot, free }) => [slot, free]).filter((point) => point !== undefined),
    arePersonsKnown,
  );
  const title = [
    "Where Each Relation Emerges",
    `(AUROC over Layers, Bands of 95 %${BANDS_OVER[kind]})`,
  ];
  const page = panelPage({
    title,
    caption: [
      ...picture.caption,
      "AUROC: of a question of the relation and one of another, how often the former is higher; " +
      "dashed: chance",
      "above a panel: the first layer whose interval is above chance",
      ...(hasControl ? [controlNote(picture)] : []),
      `a hollow mark has no interval: fewer than ten ${
        arePersonsKnown ? "persons" : "questions"
      } are active`,
      INTERVALS_HOLD[kind],
    ],
    key,
    count: relations.length,
    panel: { width: panelWidth(layers.length), height: PANEL.height + roomForNames(layers) },
  });
  const axis = axisAround(points.flat().flatMap(({ slot, free }) => lineOf([slot, free])), SHOWN);
  const marks = relations.flatMap((name, relation) => {
    const at = points.map((row) => row[relation]!);
    return panelMarks(name, { at, hasSlots, picture, axis }, page.boxes[relation]!);
  });
  return figure(title, page.size, [...page.marks, ...marks]);
}

function panelMarks(
  name: string,
  { at, hasSlots, picture: { layers, layerTitle }, axis }: {
    at: readonly Emergence[];
    hasSlots: boolean;
    picture: EmergencePicture;
    axis: NumberAxis;
  },
  box: Box,
): Mark[] {
  const free = at.map((each) => each.free);
  const slots = at.map((each) => each.slot);
  const first = (points: readonly (EmergencePoint | undefined)[]) => {
    const found = firstAboveChance(points);
    if (found !== undefined) return `from ${layers[found]!}`;
    return points.some((point) => point?.interval) ? "nowhere" : "no interval";
  };
  const options = {
    lines: [
      { estimates: lineOf(free), style: FREE },
      ...(hasSlots ? [{ estimates: lineOf(slots), style: SLOT }] : []),
    ],
    layers,
    layerTitle,
    valueTitle: "AUROC",
    axis,
    numbers: numbersWidth(axis, NUMBERS),
    reference: 0.5,
  };
  const below = inset(box, { top: PANEL_TITLES });
  const { x, width } = linesBox(options, below);
  const where = hasSlots ? `slot ${first(slots)}, free ${first(free)}` : first(free);
  return [...panelTitles(name, where, { ...box, x, width }), ...layerLines(options, below)];
}

function lineOf(points: readonly (EmergencePoint | undefined)[]): LayerEstimate[] {
  return points.map((point) => ({ estimate: point?.auroc, interval: point?.interval }));
}
