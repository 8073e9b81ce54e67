/**
 * A page of small panels of one kind, one a relation, and the line that says what its marks are.
 *
 * @module
 */
import type { Box } from "../plot/box.ts";
import { dot, ring } from "../plot/band.ts";
import type { Mark } from "../plot/figure.ts";
import { frame } from "../plot/frame.ts";
import { shorten, text, textHeight, textWidth } from "../plot/text.ts";

/** The panels are laid out in about this shape. */
const ASPECT = 1.6;
const GAP = { columns: 16, rows: 12, key: 18, keyText: 5, belowKey: 8, titles: 2 } as const;
const KEY = { size: 9 } as const;
const PANEL_TITLE = { size: 10, weight: "bold" } as const;
const PANEL_NOTE = { size: 8, color: "#555555" } as const;
/** The least width of a page, for its title and caption. */
const LEAST_WIDTH = 560;
/** What title and caption need above and below the panels, about. */
const AROUND = 110;

/** An entry of the key. */
export interface KeyEntry {
  /** The colour. */
  readonly color: string;
  /** What it stands for. */
  readonly name: string;
  /** Whether its mark is a square. Default: a circle. */
  readonly isSquare?: boolean;
  /** Whether its mark is a ring: what it stands for is seen through. Default: it is filled. */
  readonly isRing?: boolean;
}

/** The page that so many panels need. */
export interface PanelPage {
  /** Its size in points. */
  readonly size: { width: number; height: number };
  /** Title, caption and key. */
  readonly marks: readonly Mark[];
  /** The boxes of the panels, titles of their own included. */
  readonly boxes: readonly Box[];
}

/**
 * Lays out a page.
 *
 * @param panel The least size of a panel, in points.
 */
export function panelPage(
  { title, caption, key, count, panel }: {
    title: readonly string[];
    caption: readonly string[];
    key: readonly KeyEntry[];
    count: number;
    panel: { width: number; height: number };
  },
): PanelPage {
  const shape = ASPECT * panel.height / panel.width;
  const rows = Math.ceil(count / Math.max(1, Math.ceil(Math.sqrt(count * shape))));
  const columns = Math.ceil(count / rows); // no fuller rows than the last one needs
  const size = {
    width: Math.max(LEAST_WIDTH, columns * panel.width + (columns - 1) * GAP.columns + 20),
    height: rows * panel.height + (rows - 1) * GAP.rows + AROUND,
  };
  const { marks, box } = frame({ title, titleSize: 14, caption }, size);
  const keyHeight = textHeight(1, KEY) + GAP.belowKey;
  const width = (box.width - (columns - 1) * GAP.columns) / columns;
  const height = (box.height - keyHeight - (rows - 1) * GAP.rows) / rows;
  const boxes = Array.from({ length: count }, (_, i) => ({
    x: box.x + (i % columns) * (width + GAP.columns),
    y: box.y + keyHeight + Math.floor(i / columns) * (height + GAP.rows),
    width,
    height,
  }));
  return { size, marks: [...marks, ...keyMarks(key, box)], boxes };
}

function keyMarks(key: readonly KeyEntry[], box: Box): Mark[] {
  const widths = key.map(({ name }) => textWidth(name, KEY) + 6 + GAP.keyText);
  const total = widths.reduce((sum, width) => sum + width, 0) + GAP.key * (key.length - 1);
  let x = box.x + (box.width - total) / 2;
  return key.flatMap(({ name, isRing = false, ...style }, i): Mark[] => {
    const y = box.y + textHeight(1, KEY) / 2;
    const marks = [
      isRing
        ? ring(x + 3, y, { ...style, radius: 3 })
        : dot(x + 3, y, { ...style, radius: 3 }, true),
      text(name, { ...KEY, x: x + 6 + GAP.keyText, y, across: "middle" }),
    ];
    x += widths[i]! + GAP.key;
    return marks;
  });
}

/** The title of a panel, and a note below it. */
export function panelTitles(title: string, note: string, { x, y, width }: Box): Mark[] {
  const place = { x: x + width / 2, align: "middle" } as const;
  return [
    text(shorten(title, PANEL_TITLE, width), { ...PANEL_TITLE, ...place, y }),
    ...(note === "" ? [] : [text(shorten(note, PANEL_NOTE, width), {
      ...PANEL_NOTE,
      ...place,
      y: y + textHeight(1, PANEL_TITLE) + GAP.titles,
    })]),
  ];
}

/** The height of a panel's title without a note, in points. */
export const PANEL_TITLE_ALONE: number = textHeight(1, PANEL_TITLE) + 5;

/** The height of a panel's title and note, in points. */
export const PANEL_TITLES: number = textHeight(1, PANEL_TITLE) + textHeight(1, PANEL_NOTE) +
  GAP.titles + 6;
