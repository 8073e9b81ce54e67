/**
 * Numbers written into the cells of a heatmap.
 *
 * @module
 */
import { range } from "d3-array";
import type { Box } from "./box.ts";
import { colorOf, type ColorScale, inkOn } from "./color_scale.ts";
import type { TextMark } from "./figure.ts";
import { columnCount, type MatrixView, valueAt } from "./heatmap.ts";
import { text, textHeight, widest } from "./text.ts";

/** How much of a cell its number may fill. */
const SHARE = { width: 0.88, height: 0.75 } as const;
/** The smallest print, in points. */
const LEAST_SIZE = 4.5;

/** How numbers are written. */
export interface NumberStyle {
  /** From a number to its text. */
  readonly format: (value: number) => string;
  /** The largest print, in points. */
  readonly size: number;
}

/**
 * The numbers of all cells, as large as they fit, in black or white by the colours of the cells.
 *
 * @returns None at all if they would be too small to read.
 */
export function cellNumbers(
  view: MatrixView,
  box: Box,
  { scale, format, size }: NumberStyle & { scale: ColorScale },
): TextMark[] {
  const columns = columnCount(view);
  const cell = { width: box.width / columns, height: box.height / view.rows };
  const mostSize = Math.min(size, SHARE.height * cell.height / textHeight(1, { size: 1 }));
  if (Math.min(mostSize, cell.width) < LEAST_SIZE) return [];
  const cells = range(view.rows).flatMap((row) =>
    range(columns).map((column) => ({ row, column, value: valueAt(view, row, column) }))
  );
  const widthOfOne = widest(cells.map(({ value }) => format(value)), { size: 1 });
  const fitting = Math.min(mostSize, SHARE.width * cell.width / widthOfOne);
  if (fitting < LEAST_SIZE) return [];
  return cells.map(({ row, column, value }) =>
    text(format(value), {
      x: box.x + (column + 0.5) * cell.width,
      y: box.y + (row + 0.5) * cell.height,
      align: "middle",
      across: "middle",
      size: fitting,
      color: inkOn(colorOf(scale, value)),
    })
  );
}
