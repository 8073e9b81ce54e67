/**
 * Two runs side by side, and their difference: `compare_slots` and `compare_features`.
 *
 * @module
 */
import type { IntervalUnits } from "./comparison_notes.ts";
import type { BandStyle } from "../plot/band.ts";
import { type Box, inset } from "../plot/box.ts";
import type { Figure, Mark } from "../plot/figure.ts";
import { type NumberAxis, numbersWidth } from "../plot/number_axis.ts";
import { kindOfEstimates } from "../results/interval_kind.ts";
import type { Compared, ComparedPair } from "./run_comparison.ts";
import { controlNote, panelWidth, roomForNames } from "../pictures/emergence.ts";
import { BANDS_OVER } from "../pictures/interval_words.ts";
import { axisAround, layerLines, linesBox, NUMBERS } from "../pictures/layer_lines.ts";
import { figure } from "../pictures/layer_picture.ts";
import { PANEL_TITLE_ALONE, panelPage, panelTitles } from "../pictures/panel_grid.ts";

const HEIGHT = 225;
/** How far names may reach in a panel of that height: one line, for the difference has little. */
const NAMES_REACH = 15;
/** How much of a panel the two runs take, and the distance to their difference in points. */
const SHARE = 0.52;
const GAP = 8;
/** The values that the axes show at least. */
const SHOWN = { auroc: [0.4, 1], difference: [-0.1, 0.1] } as const;
const A: BandStyle = { color: "#2b5fa8", fill: "rgba(43, 95, 168, 0.22)", radius: 2 };
const B: BandStyle = {
  color: "#c44e00",
  fill: "rgba(196, 78, 0, 0.22)",
  radius: 2,
  isSquare: true,
};
const DIFFERENCE: BandStyle = { color: "#444444", fill: "rgba(68, 68, 68, 0.2)", radius: 2 };

/** What the picture shows. */
export interface ComparisonPicture {
  /** What is compared. */
  readonly what: Compared;
  /** What the runs are called. */
  readonly names: readonly [string, string];
  /** The names of the layers, in their order. */
  readonly layers: readonly string[];
  /** What stands below them: `Layer`, `Site`. */
  readonly layerTitle: string;
  /** Whether the first of them sees only how long a question is, in both runs. Default: no. */
  readonly hasControl?: boolean;
  /** What intervals are over that are not over wordings. Default: persons. */
  readonly units?: IntervalUnits;
  /** The names of the relations. */
  readonly relations: readonly string[];
  /** The relations and then their mean, `[layers][relations + 1]`. */
  readonly pairs: readonly (readonly ComparedPair[])[];
  /** What the runs were made of, sentence by sentence. */
  readonly caption: readonly string[];
}

/** The AUROC of each relation in two runs over the layers, and the difference, with bands. */
export function runComparison(picture: ComparisonPicture): Figure {
  const { what, names, layers, relations, pairs, caption, hasControl = false } = picture;
  const panels = ["All Relations (Mean)", ...relations];
  const { units = "persons" } = picture;
  const kind = units === "persons" ? kindOfEstimates(sidesOf(pairs.flat()), true) : "mixed";
  const title = [
    `Two Runs Compared: ${what === "slots" ? "Slots" : "Best Features"}`,
    `(AUROC of Each Run, and B − A, with Bands of 95 %${BANDS_OVER[kind]})`,
  ];
  const page = panelPage({
    title,
    caption: [
      ...caption,
      "AUROC: of a question of the relation and one of another, how often the former is higher",
      "dashed: chance, and no difference",
      ...(hasControl ? [controlNote(picture)] : []),
      `a hollow mark has no interval: fewer than ten ${units} are active`,
    ],
    key: [
      { color: A.color, name: `A: ${names[0]}` },
      { color: B.color, isSquare: true, name: `B: ${names[1]}` },
      { color: DIFFERENCE.color, name: "B − A" },
    ],
    count: panels.length,
    panel: { width: panelWidth(layers.length), height: HEIGHT + roomForNames(layers, NAMES_REACH) },
  });
  const all = pairs.flat();
  const sides = sidesOf(all);
  const axes = {
    auroc: axisAround(
      sides.map(({ auroc, interval }) => ({ estimate: auroc, interval })),
      SHOWN.auroc,
    ),
    difference: axisAround(
      all.map(({ difference, interval }) => ({ estimate: difference, interval })),
      SHOWN.difference,
    ),
  };
  const marks = panels.flatMap((name, panel) => {
    const relation = panel === 0 ? relations.length : panel - 1;
    const at = pairs.map((row) => row[relation]!);
    return panelMarks(name, { at, picture, axes }, page.boxes[panel]!);
  });
  return figure(title, page.size, [...page.marks, ...marks]);
}

function sidesOf(pairs: readonly ComparedPair[]): ComparedPair["a"][] {
  return pairs.flatMap(({ a, b }) => [a, b]);
}

function panelMarks(
  name: string,
  { at, picture: { layers, layerTitle }, axes }: {
    at: readonly ComparedPair[];
    picture: ComparisonPicture;
    axes: { auroc: NumberAxis; difference: NumberAxis };
  },
  box: Box,
): Mark[] {
  const numbers = Math.max(
    ...[axes.auroc, axes.difference].map((axis) => numbersWidth(axis, NUMBERS)),
  );
  const sideOf = (side: "a" | "b") =>
    at.map((pair) => ({ estimate: pair[side].auroc, interval: pair[side].interval }));
  const below = inset(box, { top: PANEL_TITLE_ALONE });
  const upper = { ...below, height: SHARE * (below.height - roomForNames(layers, NAMES_REACH)) };
  const lower = inset(below, { top: upper.height + GAP });
  const runs = {
    lines: [{ estimates: sideOf("a"), style: A }, { estimates: sideOf("b"), style: B }],
    layers: [],
    layerTitle,
    valueTitle: "AUROC",
    axis: axes.auroc,
    numbers,
    reference: 0.5,
  };
  const difference = {
    ...runs,
    lines: [{
      estimates: at.map(({ difference, interval }) => ({ estimate: difference, interval })),
      style: DIFFERENCE,
    }],
    layers,
    valueTitle: "B − A",
    axis: { ...axes.difference, count: 4 },
    reference: 0,
  };
  const { x, width } = linesBox(runs, upper);
  return [
    ...panelTitles(name, "", { ...box, x, width }),
    ...layerLines(runs, upper),
    ...layerLines(difference, lower),
  ];
}
