/**
 * A heatmap with its axes and its colour bar: what the pictures of a layer have in common.
 *
 * @module
 */
import { type Axis, nameRows } from "./axes.ts";
import { type Box, inset } from "./box.ts";
import { colorBar } from "./color_bar.ts";
import type { ColorScale } from "./color_scale.ts";
import type { Mark } from "./figure.ts";
import { shorten, text, textHeight, type TextStyle } from "./text.ts";

/** Distances in points. */
const GAP = { axisTitle: 6, colorBar: 22 } as const;
/** How far sums of lengths may be off, in points. */
const ROUNDING = 1e-6;
/** How much of the width the names of the rows may take. */
const ROW_NAMES_SHARE = 0.25;

/** What stands along the sides of a heatmap. */
export interface PanelOptions {
  /** The names of the rows. */
  readonly rowNames: readonly string[];
  /** What the rows are. */
  readonly rowTitle: string;
  /** The columns' names for a width in points. */
  readonly columnAxis: (width: number) => Axis;
  /** What the columns are. */
  readonly columnTitle: string;
  /** What the colours mean. */
  readonly scale: ColorScale;
  /** What the values are. */
  readonly valueTitle: string;
  /** The room above the heatmap for what the picture puts there, in points. Default: 0. */
  readonly headroom?: number;
  /** The print of names and of titles. */
  readonly print: {
    readonly names: TextStyle;
    readonly titles: TextStyle;
    readonly numbers: TextStyle;
  };
}

/**
 * Puts axes and colour bar into a box.
 *
 * @returns What was drawn, and the box that is left for the heatmap.
 */
export function panel(options: PanelOptions, box: Box): { marks: Mark[]; box: Box } {
  const { rowNames, columnAxis, print, headroom = 0 } = options;
  const titleHeight = textHeight(1, print.titles);
  const titleRoom = titleHeight + GAP.axisTitle;

  // The width of the rows' names hangs on the height of the rows, the height of the columns' names
  // on the width of the columns: rows first, as if the columns had no names.
  const height = box.height - headroom - titleRoom;
  const rows = nameRows(rowNames, print.names, { height, reach: ROW_NAMES_SHARE * box.width });
  const bar = colorBar(options.scale, options.valueTitle, { height, size: print.numbers.size });
  const left = titleRoom + rows.reach;
  const width = box.width - left - GAP.colorBar - bar.width;
  const columns = columnAxis(width);
  const inner = inset(box, {
    left,
    top: headroom,
    right: GAP.colorBar + bar.width,
    bottom: columns.reach + titleRoom,
  });
  const reach = rows.reach + ROUNDING; // the widest name needs all of it, and is not to be cut
  const fittingRows = nameRows(rowNames, print.names, { height: inner.height, reach });
  return {
    box: inner,
    marks: [
      ...fittingRows.marks(inner),
      ...columns.marks(inner),
      ...bar.marks({
        ...inner,
        x: inner.x + inner.width + GAP.colorBar,
        width: bar.width,
      }),
      text(shorten(options.rowTitle, print.titles, inner.height), {
        ...print.titles,
        x: box.x,
        y: inner.y + inner.height / 2,
        align: "middle",
        turned: true,
      }),
      text(shorten(options.columnTitle, print.titles, inner.width), {
        ...print.titles,
        x: inner.x + inner.width / 2,
        y: box.y + box.height,
        align: "middle",
        across: "bottom",
      }),
    ],
  };
}
