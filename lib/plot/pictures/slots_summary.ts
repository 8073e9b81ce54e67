/**
 * The slots of all layers side by side: `all_layers_relation_slots_summary`.
 *
 * @module
 */
import { range } from "d3-array";
import { format } from "d3-format";
import { nameColumns, nameRows, outline } from "../axes.ts";
import { type Box, inset } from "../box.ts";
import { cellNumbers } from "../cell_numbers.ts";
import { colorBar } from "../color_bar.ts";
import { type Figure, INK, type Mark } from "../figure.ts";
import { frame } from "../frame.ts";
import { heatmap } from "../heatmap.ts";
import { shorten, text, textHeight, textLines, textWidth, wrap } from "../text.ts";
import { figure } from "./layer_picture.ts";
import { chooseScale, type ColorChoice } from "./picture_scale.ts";

/** Sizes in points; twelve panels fill 20 × 15 inches. */
const PANEL = { width: 360, height: 329 } as const;
const HEADER = 93;
/** What is around a panel's cells, about, and the least that a cell needs. */
const AROUND = { width: 130, height: 90 } as const;
const CELL = { width: 22, height: 15 } as const;
const LEAST_WIDTH = 480;
const GAP = { titles: 3, aboveCells: 6, colorBar: 8, betweenRows: 14, betweenColumns: 18 } as const;
/** Up to so many panels stand in one row; more of them in a grid of about this shape. */
const ONE_ROW = 4;
const ASPECT = 4 / 3;
const ROW_NAMES_SHARE = 0.35;

const PANEL_TITLE = { size: 12, weight: "bold" } as const;
const PRINT = { size: 9 } as const;
const ROW_NAMES = { size: 10 } as const;
/** How far a panel's summary may shrink before it is shortened. */
const LEAST_SUMMARY_SHARE = 0.75;
/** The frame of the layer that tells the relations apart best. */
const BEST_FRAME = { color: INK.slot, width: 3 } as const;

/** A layer's panel. */
export interface SlotsPanel {
  /** The layer. */
  readonly layer: number;
  /** The slots' means and what they come to; missing if there are none. */
  readonly slots?: {
    /** The means, `[relations, slots]`. */
    readonly means: Float32Array;
    /** How many slots there are. */
    readonly count: number;
    /** What the means come to, in one line. */
    readonly summary: string;
    /** Whether the layer tells the relations apart best. */
    readonly isBest: boolean;
  };
  /** What to say instead. */
  readonly note?: string;
}

/** What the summary shows. */
export interface SlotsSummary {
  /** The layers in ascending order. */
  readonly panels: readonly SlotsPanel[];
  /** The names of the relations. */
  readonly relations: readonly string[];
  /** What the results were made of, sentence by sentence. */
  readonly caption: readonly string[];
}

/** The slots of all layers; the page grows with their number. */
export function slotsSummary(summary: SlotsSummary, colors: ColorChoice = {}): Figure {
  const { panels, relations } = summary;
  const grid = gridOf(panels.length);
  const most = Math.max(0, ...panels.map(({ slots }) => slots?.count ?? 0));
  const size = pageSize(grid, { relations: relations.length, slots: most });
  const title = ["Relation Slot Activation Across All Layers", "(Rows=Query, Cols=Slot)"];
  const caption = [...summary.caption, ...notesOf(panels, colors)];
  const { marks, box } = frame({ title, titleSize: 18, caption, captionSize: 9 }, size);

  const height = (box.height - (grid.rows - 1) * GAP.betweenRows) / grid.rows;
  const below = nameColumns(slotNames(most), PRINT, PANEL.width).reach;
  const cellsHeight = height - titlesHeight() - below;
  const rowNames = nameRows(relations, ROW_NAMES, {
    height: cellsHeight,
    reach: ROW_NAMES_SHARE * PANEL.width,
  });
  const reach = most === 0 ? 0 : rowNames.reach;
  const width = (box.width - reach - (grid.columns - 1) * GAP.betweenColumns) / grid.columns;
  const boxOf = (i: number): Box => ({
    x: box.x + reach + (i % grid.columns) * (width + GAP.betweenColumns),
    y: box.y + Math.floor(i / grid.columns) * (height + GAP.betweenRows),
    width,
    height,
  });
  const context = { below, relations: relations.length, colors };
  return figure(title, size, [
    ...marks,
    ...panels.flatMap((panel, i) => drawPanel(panel, boxOf(i), context)),
    ...(most === 0 ? [] : range(grid.rows).flatMap((row) => {
      const first = boxOf(row * grid.columns);
      return rowNames.marks({ ...first, y: first.y + titlesHeight(), height: cellsHeight });
    })),
  ]);
}

function notesOf(panels: readonly SlotsPanel[], { signed }: ColorChoice): string[] {
  if (panels.every(({ slots }) => slots === undefined)) return [];
  return [
    signed
      ? "each layer has its own scale, centred on 0"
      : "each layer's colours go from 0 to its greatest value; what is less than 0 is drawn as 0",
    ...(panels.some(({ slots }) => slots?.isBest)
      ? ["framed: the layer with the largest gap between diagonal and off-diagonal"]
      : []),
  ];
}

interface Grid {
  rows: number;
  columns: number;
}

function gridOf(panels: number): Grid {
  const columns = panels <= ONE_ROW ? panels : Math.ceil(Math.sqrt(panels * ASPECT));
  return { rows: Math.ceil(panels / columns), columns };
}

/** Panels that hold more cells are larger. */
function pageSize(
  { rows, columns }: Grid,
  cells: { relations: number; slots: number },
): { width: number; height: number } {
  const width = Math.max(PANEL.width, AROUND.width + CELL.width * cells.slots);
  const height = Math.max(PANEL.height, AROUND.height + CELL.height * cells.relations);
  return { width: Math.max(LEAST_WIDTH, columns * width), height: HEADER + rows * height };
}

function titlesHeight(): number {
  return textHeight(1, PANEL_TITLE) + GAP.titles + textHeight(1, PRINT) + GAP.aboveCells;
}

/** What the panels share. */
interface PanelContext {
  /** The room below the cells for the names of the slots. */
  below: number;
  relations: number;
  colors: ColorChoice;
}

function drawPanel({ layer, slots, note }: SlotsPanel, box: Box, context: PanelContext): Mark[] {
  const { below, relations, colors } = context;
  const area = inset(box, { top: titlesHeight(), bottom: below });
  if (slots === undefined) return [...panelTitle(layer, "", box), ...emptyPanel(note ?? "", area)];
  const { means, count, summary, isBest } = slots;
  const scale = chooseScale(means, { map: "RdYlBu_r", low: 0 }, colors);
  const bar = colorBar(scale, "", { height: area.height, size: PRINT.size });
  const cells = inset(area, { right: GAP.colorBar + bar.width });
  const columnsOfAll = { start: 0, end: count };
  const view = { values: means, rows: relations, stride: count, columns: columnsOfAll };
  return [
    ...panelTitle(layer, summary, { ...cells, y: box.y }),
    ...nameColumns(slotNames(count), PRINT, cells.width).marks(cells),
    isBest ? outline(cells, BEST_FRAME) : outline(cells),
    heatmap(view, scale, cells),
    ...cellNumbers(view, cells, { scale, format: format(".2f"), size: ROW_NAMES.size }),
    ...bar.marks({ ...cells, x: cells.x + cells.width + GAP.colorBar, width: bar.width }),
  ];
}

function slotNames(count: number): { text: string }[] {
  return range(count).map((slot) => ({ text: `S${slot}` }));
}

function panelTitle(layer: number, summary: string, { x, y, width }: Box): Mark[] {
  const place = { x: x + width / 2, align: "middle" } as const;
  const title = text(`Layer ${layer}`, { ...PANEL_TITLE, ...place, y });
  if (summary === "") return [title];
  const share = Math.max(LEAST_SUMMARY_SHARE, Math.min(1, width / textWidth(summary, PRINT)));
  const second = { size: share * PRINT.size, color: INK.caption };
  return [
    title,
    text(shorten(summary, second, width), {
      ...second,
      ...place,
      y: y + textHeight(1, PANEL_TITLE) + GAP.titles,
    }),
  ];
}

/** A panel without slots says why. */
function emptyPanel(note: string, area: Box): Mark[] {
  const style = { ...ROW_NAMES, color: INK.caption };
  return [
    { kind: "rectangle", box: area, stroke: "#bbbbbb", strokeWidth: 0.8 },
    ...textLines(wrap(note, style, { width: 0.8 * area.width }), {
      ...style,
      x: area.x + area.width / 2,
      y: area.y + area.height / 2,
      align: "middle",
      across: "middle",
    }),
  ];
}
