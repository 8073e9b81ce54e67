/**
 * Asterisks in the cells of a heatmap.
 *
 * @module
 */
import { range } from "d3-array";
import type { Box } from "./box.ts";
import { colorOf, type ColorScale, inkOn } from "./color_scale.ts";
import type { TextMark } from "./figure.ts";
import { columnCount, type MatrixView, valueAt } from "./heatmap.ts";
import { text, textHeight, textWidth } from "./text.ts";

const MARK = "*";
/** The largest and the smallest print, in points, and how much of a cell it may fill. */
const SIZE = { most: 11, least: 4.5, share: 0.95 } as const;
/** The asterisk of the font stands high on its line: so far it is let down, in sizes. */
const DROP = 0.16;

/**
 * An asterisk in each cell that is marked, in black or white by the cell's colour.
 *
 * @returns None at all if they would be too small to read.
 */
export function cellMarks(
  view: MatrixView,
  box: Box,
  { scale, isMarked }: {
    scale: ColorScale;
    isMarked: (row: number, column: number) => boolean;
  },
): TextMark[] {
  const columns = columnCount(view);
  const cell = { width: box.width / columns, height: box.height / view.rows };
  const size = markSize(cell);
  if (size < SIZE.least) return [];
  return range(view.rows).flatMap((row) =>
    range(columns).filter((column) => isMarked(row, column)).map((column) =>
      text(MARK, {
        x: box.x + (column + 0.5) * cell.width,
        y: box.y + (row + 0.5) * cell.height + DROP * size,
        align: "middle",
        across: "middle",
        size,
        color: inkOn(colorOf(scale, valueAt(view, row, column))),
      })
    )
  );
}

function markSize({ width, height }: { width: number; height: number }): number {
  const widest = SIZE.share * width / textWidth(MARK, { size: 1 });
  return Math.min(SIZE.most, widest, SIZE.share * height / textHeight(1, { size: 1 }));
}
