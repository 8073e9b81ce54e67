/**
 * A page with one heatmap of a layer: what the pictures of slots and of ranked features share.
 *
 * @module
 */
import { type Axis, outline } from "../plot/axes.ts";
import type { Box } from "../plot/box.ts";
import { cellMarks } from "../plot/cell_marks.ts";
import { cellNumbers, type NumberStyle } from "../plot/cell_numbers.ts";
import type { ColorScale } from "../plot/color_scale.ts";
import { type Figure, INK, type Mark } from "../plot/figure.ts";
import { frame } from "../plot/frame.ts";
import { columnCount, heatmap, type MatrixView, type Range } from "../plot/heatmap.ts";
import { panel } from "../plot/panel.ts";
import { shorten, text, textHeight, type TextStyle } from "../plot/text.ts";
import { figure } from "./layer_picture.ts";

const TITLE_SIZE = 14;
const BAR_NUMBERS = { size: 10 } as const;
const GROUP_NAMES = { size: 8 } as const;
/** The brackets above groups: distances and sizes in points, and the least width worth a name. */
const GROUP = { gap: 2, bracket: 3, width: 0.8, inset: 1.5, leastWidth: 16 } as const;

/** Neighbouring columns that belong together. */
export interface ColumnGroup extends Range {
  /** What they are. */
  readonly name: string;
}

/** A heatmap whose rows are relations, and all that stands around it. */
export interface LayerHeatmap {
  /** The page, in points. */
  readonly size: { readonly width: number; readonly height: number };
  /** The title, line by line. */
  readonly title: readonly string[];
  /** The caption, part by part. */
  readonly caption: readonly string[];
  /** The cells. */
  readonly view: MatrixView;
  /** Their colours. */
  readonly scale: ColorScale;
  /** What the values are. */
  readonly valueTitle: string;
  /** The names of the rows. */
  readonly relations: readonly string[];
  /** The names of the columns, for a width in points. */
  readonly columnAxis: (width: number) => Axis;
  /** Neighbouring columns that belong together, named above them. Default: none. */
  readonly groups?: readonly ColumnGroup[];
  /** What the columns are. */
  readonly columnTitle: string;
  /** What the rows are. Default: `Queried Relation`. */
  readonly rowTitle?: string;
  /** Which cells get an asterisk, by their places. Default: none. */
  readonly isMarked?: (row: number, column: number) => boolean;
  /** The print of row names and of the titles of both sides. */
  readonly print: {
    readonly rows: TextStyle;
    readonly titles: TextStyle;
  };
  /** How the values are written into the cells; not at all if missing. */
  readonly numbers?: NumberStyle;
}

/** Puts the page together. */
export function layerHeatmap(options: LayerHeatmap): Figure {
  const { size, title, caption, view, scale, columnAxis, print, numbers, groups = [] } = options;
  const { marks, box } = frame({ title, titleSize: TITLE_SIZE, caption }, size);
  const inner = panel({
    rowNames: options.relations,
    rowTitle: options.rowTitle ?? "Queried Relation",
    columnAxis,
    columnTitle: options.columnTitle,
    scale,
    valueTitle: options.valueTitle,
    headroom: groups.length === 0 ? 0 : textHeight(1, GROUP_NAMES) + 2 * GROUP.gap + GROUP.bracket,
    print: { names: print.rows, titles: print.titles, numbers: BAR_NUMBERS },
  }, box);
  return figure(title, size, [
    ...marks,
    ...inner.marks,
    outline(inner.box),
    heatmap(view, scale, inner.box),
    ...groupMarks(groups, inner.box, columnCount(view)),
    ...(numbers === undefined ? [] : cellNumbers(view, inner.box, { scale, ...numbers })),
    ...(options.isMarked === undefined
      ? []
      : cellMarks(view, inner.box, { scale, isMarked: options.isMarked })),
  ]);
}

/** A bracket above each group, and its name where there is room. */
function groupMarks(groups: readonly ColumnGroup[], box: Box, columns: number): Mark[] {
  const y = box.y - GROUP.gap;
  return groups.flatMap(({ name, start, end }): Mark[] => {
    const from = box.x + start / columns * box.width + GROUP.inset;
    const to = box.x + end / columns * box.width - GROUP.inset;
    if (to <= from) return [];
    const line = { kind: "line", color: INK.caption, width: GROUP.width } as const;
    const bracket: Mark[] = [
      { ...line, from: [from, y - GROUP.bracket], to: [to, y - GROUP.bracket] },
      { ...line, from: [from, y - GROUP.bracket], to: [from, y] },
      { ...line, from: [to, y - GROUP.bracket], to: [to, y] },
    ];
    const fitted = shorten(name, GROUP_NAMES, to - from);
    const tellsLittle = fitted !== name && fitted.length < 3; // of a cut name, one letter at most is left
    if (to - from < GROUP.leastWidth || tellsLittle) return bracket;
    const place = { x: (from + to) / 2, y: y - GROUP.bracket - GROUP.gap };
    const style = { ...GROUP_NAMES, color: INK.caption };
    return [...bracket, text(fitted, { ...style, ...place, align: "middle", across: "bottom" })];
  });
}
