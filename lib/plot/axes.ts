/**
 * Names along the sides of a heatmap: as many as fit, none upon another.
 *
 * @module
 */
import { type Box, inset } from "./box.ts";
import { INK, type LineMark, type Mark } from "./figure.ts";
import { shorten, text, textHeight, textLines, type TextStyle, widest, wrap } from "./text.ts";

/** The length of a tick, and its distance from the text, in points. */
export const TICK = { length: 3.5, gap: 3, width: 0.8 } as const;
/** The least distance of texts side by side, in points. */
const APART = 4;
/** The smallest print of names, in points. */
const LEAST_SIZE = 6;
/** How long a column's name may be, in points; what is longer is shortened. */
const MOST_TURNED = 130;
/** How many lines a row's name may take. */
const MOST_LINES = 3;
/** Names this wide are not worth breaking, in points. */
const COMFORTABLE = 110;
/** Shares of the width that are tried before all of it. */
const NARROWER = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** The names along a side, and the room they need across it. */
export interface Axis {
  /** How far ticks and names reach from the side, in points. */
  readonly reach: number;
  /** Draws them along a side of a box: rows at its left, columns below it. */
  readonly marks: (box: Box) => Mark[];
}

/** A name, and the colour to write it in if that is not black. */
export interface Name {
  /** The name. */
  readonly text: string;
  /** Its colour. */
  readonly color?: string;
}

/**
 * The names of rows, at the left of a box. Long ones are broken into lines; of rows too thin for
 * print only every so-manieth has a name.
 *
 * @param room The height of all rows, and how far names may reach at most, in points.
 */
export function nameRows(
  names: readonly string[],
  style: TextStyle,
  room: { height: number; reach: number },
): Axis {
  const rowHeight = room.height / names.length;
  const size = Math.max(LEAST_SIZE, Math.min(style.size, rowHeight / textHeight(1, { size: 1 })));
  const fitted = { ...style, size };
  const every = Math.ceil(textHeight(1, fitted) / rowHeight);
  const most = linesThatFit(rowHeight, fitted);
  const wrapped = wrapNarrowly(names, fitted, { width: room.reach - TICK.length - TICK.gap, most });
  const shown = wrapped.map((lines, row) => ({ lines, row })).filter(({ row }) =>
    row % every === 0
  );
  return {
    reach: widest(shown.flatMap(({ lines }) => lines), fitted) + TICK.length + TICK.gap,
    marks: (box) =>
      shown.flatMap(({ lines, row }) => {
        const y = box.y + (row + 0.5) * box.height / names.length;
        return [
          tick([box.x, y], [box.x - TICK.length, y]),
          ...textLines(lines, {
            ...fitted,
            x: box.x - TICK.length - TICK.gap,
            y,
            align: "end",
            across: "middle",
          }),
        ];
      }),
  };
}

/** Breaks names so that they need little width, without losing more of them than must be. */
function wrapNarrowly(
  names: readonly string[],
  style: TextStyle,
  { width, most }: { width: number; most: number },
): string[][] {
  const wrapAll = (room: number) => names.map((name) => wrap(name, style, { width: room, most }));
  const shown = (lines: string[][]) => lines.map((parts) => parts.join(" ")).join("\n");
  const best = wrapAll(width);
  for (const room of NARROWER.map((share) => share * width)) {
    if (room < COMFORTABLE) continue;
    const narrower = wrapAll(room);
    if (shown(narrower) === shown(best)) return narrower;
  }
  return best;
}

function linesThatFit(height: number, style: TextStyle): number {
  let lines = 1;
  while (lines < MOST_LINES && textHeight(lines + 1, style) <= 0.9 * height) lines++;
  return lines;
}

/**
 * The names of columns, below a box: side by side if they fit, else turned, and if that does not
 * help only every so-manieth.
 *
 * @param width The width of all columns in points.
 */
export function nameColumns(names: readonly Name[], style: TextStyle, width: number): Axis {
  const columnWidth = width / names.length;
  const fitted = names.map((name) => ({ ...name, text: shorten(name.text, style, MOST_TURNED) }));
  const longest = widest(fitted.map(({ text }) => text), style);
  const turned = longest + APART > columnWidth;
  const every = turned ? Math.ceil(textHeight(1, style) / columnWidth) : 1;
  return {
    reach: TICK.length + TICK.gap + (turned ? longest : textHeight(1, style)),
    marks: (box) =>
      fitted.flatMap(({ text: name, color = INK.text }, column) => {
        if (column % every !== 0) return [];
        const x = box.x + (column + 0.5) * box.width / names.length;
        const y = box.y + box.height;
        const place = { ...style, x, y: y + TICK.length + TICK.gap, color };
        return [
          tick([x, y], [x, y + TICK.length]),
          text(
            name,
            turned
              ? { ...place, turned, align: "end", across: "middle" }
              : { ...place, align: "middle" },
          ),
        ];
      }),
  };
}

/** A tick from a side of a box outwards. */
export function tick(from: LineMark["from"], to: LineMark["to"]): LineMark {
  return { kind: "line", from, to, color: INK.text, width: TICK.width };
}

/**
 * The outline of a box. It runs outside, and is drawn before what is in the box: at the edges of a
 * heatmap there are features, too.
 */
export function outline(
  box: Box,
  { color = INK.text, width = TICK.width }: { color?: string; width?: number } = {},
): Mark {
  const margin = -width / 2;
  const outside = inset(box, { left: margin, top: margin, right: margin, bottom: margin });
  return { kind: "rectangle", box: outside, stroke: color, strokeWidth: width };
}
