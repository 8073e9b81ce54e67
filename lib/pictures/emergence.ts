/**
 * Where each relation can be told apart: `all_layers_emergence`.
 *
 * @module
 */
import { band, type BandPoint } from "../plot/band.ts";
import { nameColumns, outline } from "../plot/axes.ts";
import { type Box, inset } from "../plot/box.ts";
import type { Figure, Mark } from "../plot/figure.ts";
import {
  dashes,
  type NumberAxis,
  numbersAtLeft,
  numbersWidth,
  planeOf,
} from "../plot/number_axis.ts";
import { text, textHeight } from "../plot/text.ts";
import { type Emergence, type EmergencePoint, firstAboveChance } from "../results/emergence.ts";
import { figure } from "./layer_picture.ts";
import { type KeyEntry, PANEL_TITLES, panelPage, panelTitles } from "./panel_grid.ts";

/** The least size of a panel, the most that its layers make it wider, and what a layer needs. */
const PANEL = { width: 200, height: 165, most: 420, layer: 11, around: 60 } as const;
const NUMBERS = { size: 8 } as const;
const AXIS_TITLE = { size: 9 } as const;
/** The axis begins at chance or lower, and goes beyond 1 so that a line there is seen. */
const AUROC = { most: 0.4, beyond: 0.02, count: 5 } as const;
const SLOT = { color: "#007a8a", fill: "rgba(0, 122, 138, 0.22)", radius: 2 } as const;
const FREE = {
  color: "#c44e00",
  fill: "rgba(196, 78, 0, 0.22)",
  radius: 2,
  isSquare: true,
} as const;
const CHANCE = "#555555";

/** What the picture shows. */
export interface EmergencePicture {
  /** The names of the layers, in their order. */
  readonly layers: readonly string[];
  /** What stands below them: `Layer`, `Site`. */
  readonly layerTitle: string;
  /** Whether the first of them sees only how long a question is. Default: no. */
  readonly hasControl?: boolean;
  /** The names of the relations. */
  readonly relations: readonly string[];
  /** What each relation comes to, `[layers][relations]`. */
  readonly points: readonly (readonly Emergence[])[];
  /** What the results were made of, sentence by sentence. */
  readonly caption: readonly string[];
}

/** The AUROC of each relation's slot and best free feature over the layers, with bands. */
export function emergence(picture: EmergencePicture): Figure {
  const { layers, relations, points } = picture;
  const hasSlots = points.some((row) => row.some(({ slot }) => slot !== undefined));
  const what = hasSlots ? "free feature" : "feature";
  const key: KeyEntry[] = [
    ...(hasSlots ? [{ color: SLOT.color, name: "the relation's slot (all persons)" }] : []),
    {
      color: FREE.color,
      isSquare: true,
      name: `best ${what} (chosen on one half, shown on the other)`,
    },
  ];
  const title = ["Where Each Relation Emerges", "(AUROC over Layers, Bands of 95 % over Persons)"];
  const width = PANEL.around + PANEL.layer * layers.length;
  const page = panelPage({
    title,
    caption: [
      ...picture.caption,
      "AUROC: of a question of the relation and one of another, how often the former is higher; " +
      "dashed: chance",
      "the name of a layer stands for the first whose interval is above chance",
      ...(picture.hasControl
        ? ["layer 0 sees only the length of a question: it is the built-in control"]
        : []),
      "a hollow mark has no interval: fewer than ten persons are active",
    ],
    key,
    count: relations.length,
    panel: { width: Math.min(PANEL.most, Math.max(PANEL.width, width)), height: PANEL.height },
  });
  const axis = axisOf(points);
  const marks = relations.flatMap((name, relation) => {
    const at = points.map((row) => row[relation]!);
    return panelMarks(name, { at, hasSlots, picture, axis }, page.boxes[relation]!);
  });
  return figure(title, page.size, [...page.marks, ...marks]);
}

/** One axis for all panels, down to the least value that is shown. */
function axisOf(points: EmergencePicture["points"]): NumberAxis {
  const shown = points.flat().flatMap(({ slot, free }) => [slot, free])
    .flatMap((point) => [point?.auroc ?? 1, point?.interval?.[0] ?? 1]);
  const least = Math.floor(10 * Math.min(AUROC.most, ...shown)) / 10;
  return { domain: [least - AUROC.beyond, 1 + AUROC.beyond], count: AUROC.count };
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
    return found === undefined ? "nowhere" : layers[found]!;
  };
  const where = hasSlots
    ? `slot from ${first(slots)}, free from ${first(free)}`
    : `from ${first(free)}`;
  const titleRoom = textHeight(1, AXIS_TITLE) + 4;
  const left = titleRoom + numbersWidth(axis, NUMBERS);
  const names = nameColumns(layers.map((text) => ({ text })), NUMBERS, box.width - left);
  const inner = inset(box, { left, top: PANEL_TITLES, bottom: names.reach + titleRoom });
  const { y } = planeOf(inner, { x: { domain: [0, 1], count: 1 }, y: axis });
  const x = (layer: number) => inner.x + (layer + 0.5) * inner.width / layers.length;
  const pointsOf = (points: readonly (EmergencePoint | undefined)[]): BandPoint[] =>
    points.map((point, layer) => ({
      x: x(layer),
      y: point?.auroc == null ? undefined : y(point.auroc),
      ends: point?.interval ? [y(point.interval[0]), y(point.interval[1])] : undefined,
    }));
  return [
    ...panelTitles(name, where, { ...box, x: inner.x, width: inner.width }),
    outline(inner),
    ...numbersAtLeft(axis, inner, NUMBERS),
    ...dashes([inner.x, y(0.5)], [inner.x + inner.width, y(0.5)], { color: CHANCE }),
    ...names.marks(inner),
    ...band(pointsOf(free), FREE),
    ...(hasSlots ? band(pointsOf(slots), SLOT) : []),
    text("AUROC", {
      ...AXIS_TITLE,
      x: box.x,
      y: inner.y + inner.height / 2,
      align: "middle",
      turned: true,
    }),
    text(layerTitle, {
      ...AXIS_TITLE,
      x: inner.x + inner.width / 2,
      y: box.y + box.height,
      align: "middle",
      across: "bottom",
    }),
  ];
}
