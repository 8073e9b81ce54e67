/**
 * The slots of all layers side by side: `all_layers_relation_slots_summary`. Of a layer without slots
 * it shows what comes nearest: the feature of each relation that stands out most.
 *
 * @module
 */
import { range } from "d3-array";
import { format } from "d3-format";
import { type Axis, nameRows, outline } from "../axes.ts";
import { type Box, inset } from "../box.ts";
import { cellNumbers } from "../cell_numbers.ts";
import { colorBar } from "../color_bar.ts";
import type { ColorScale } from "../color_scale.ts";
import { type Figure, INK, type Mark } from "../figure.ts";
import { frame } from "../frame.ts";
import { heatmap } from "../heatmap.ts";
import { shorten, text, textHeight, textLines, textWidth, wrap } from "../text.ts";
import { figure } from "./layer_picture.ts";
import { chooseScale, type ColorChoice, scaleNotes } from "./picture_scale.ts";
import { nameSlots, type SlotNames } from "./slot_axis.ts";

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
/** AlignSAE's colours, from 0. */
const REFERENCE = { map: "RdYlBu_r", low: 0 } as const;

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
  /** Of a layer without slots: the most selective feature of each relation. */
  readonly features?: {
    /** Their means, `[relations, relations]`: the columns are the features. */
    readonly means: Float32Array;
    /** The features, one for each relation. */
    readonly indices: readonly number[];
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
  /** The names of the relations that the slots were trained for. Default: slots have numbers only. */
  readonly slotNames?: SlotNames;
  /** What the results were made of, sentence by sentence. */
  readonly caption: readonly string[];
}

/** How the summary is drawn. */
export interface SummaryOptions extends ColorChoice {
  /** Whether each layer has a scale of its own, as AlignSAE's script has it. Default: no. */
  readonly scalePerLayer?: boolean | undefined;
}

/** What is in a panel, slots or not. */
interface Cells {
  means: Float32Array;
  numbers: string[];
  names: SlotNames;
  summary: string;
  isBest: boolean;
}

/** The slots of all layers; the page grows with their number. */
export function slotsSummary(summary: SlotsSummary, options: SummaryOptions = {}): Figure {
  const { panels, relations } = summary;
  const cells = panels.map((panel) => cellsOf(panel, summary));
  const scales = scalesOf(cells, panels, options);
  const grid = gridOf(panels.length);
  const most = Math.max(0, ...cells.map((each) => each?.numbers.length ?? 0));
  const size = pageSize(grid, { relations: relations.length, slots: most });
  const title = titleOf(panels);
  const caption = [...summary.caption, ...notesOf(panels, scales)];
  const page = frame({ title, titleSize: 18, caption, captionSize: 9 }, size);

  // All layers have one colour bar at the right, or each its own.
  const barHeight = page.box.height - titlesHeight();
  const bar = scales.shared && colorBar(scales.shared, "Mean Activation", {
    height: barHeight,
    size: ROW_NAMES.size,
  });
  const box = inset(page.box, { right: bar === undefined ? 0 : GAP.betweenColumns + bar.width });
  const height = (box.height - (grid.rows - 1) * GAP.betweenRows) / grid.rows;
  const ownBars = scales.own.map((scale) =>
    scale &&
    colorBar(scale, "", { height: height - titlesHeight() - textHeight(3, PRINT), ...PRINT })
  );
  const barRoom = Math.max(0, ...ownBars.map((each) => each ? GAP.colorBar + each.width : 0));
  const rowNamesOf = (height: number) =>
    nameRows(relations, ROW_NAMES, { height, reach: ROW_NAMES_SHARE * PANEL.width });
  const reach = most === 0 ? 0 : rowNamesOf(height - titlesHeight() - textHeight(2, PRINT)).reach;
  const width = (box.width - reach - (grid.columns - 1) * GAP.betweenColumns) / grid.columns;
  const axes = cells.map((each) =>
    each && nameSlots({ numbers: each.numbers, names: each.names, style: PRINT }, width - barRoom)
  );
  const below = Math.max(0, ...axes.map((axis) => axis?.reach ?? 0));
  const cellsHeight = height - titlesHeight() - below;
  const boxOf = (i: number): Box => ({
    x: box.x + reach + (i % grid.columns) * (width + GAP.betweenColumns),
    y: box.y + Math.floor(i / grid.columns) * (height + GAP.betweenRows),
    width,
    height,
  });
  const rowNames = rowNamesOf(cellsHeight);
  return figure(title, size, [
    ...page.marks,
    ...panels.flatMap((panel, i) => {
      const context = { below, barRoom, relations: relations.length };
      const [shown, scale, axis] = [cells[i], scales.own[i] ?? scales.shared, axes[i]];
      return shown === undefined || scale === undefined || axis === undefined
        ? drawEmptyPanel(panel, boxOf(i), below)
        : drawPanel({ layer: panel.layer, ...shown, scale, axis }, boxOf(i), context);
    }),
    ...(most === 0 ? [] : range(grid.rows).flatMap((row) => {
      const first = boxOf(row * grid.columns);
      return rowNames.marks({ ...first, y: first.y + titlesHeight(), height: cellsHeight });
    })),
    ...(bar === undefined ? [] : bar.marks({
      x: box.x + box.width + GAP.betweenColumns,
      y: box.y + titlesHeight(),
      width: bar.width,
      height: barHeight - below,
    })),
  ]);
}

function cellsOf({ slots, features }: SlotsPanel, summary: SlotsSummary): Cells | undefined {
  if (slots !== undefined) {
    const numbers = range(slots.count).map((slot) => `S${slot}`);
    return { ...slots, numbers, names: summary.slotNames ?? [] };
  }
  if (features === undefined) return undefined;
  return {
    means: features.means,
    numbers: features.indices.map((feature) => `F${feature}`),
    names: summary.relations,
    summary: "no slots: the most selective feature of each relation",
    isBest: false,
  };
}

/** The scale of all layers, or of each; none if there is nothing to be seen. */
interface Scales {
  shared?: ColorScale;
  own: (ColorScale | undefined)[];
  notes: string[];
}

function scalesOf(
  cells: readonly (Cells | undefined)[],
  panels: readonly SlotsPanel[],
  options: SummaryOptions,
): Scales {
  const { reference = false, scalePerLayer = reference } = options;
  const mayBeNegative = panels.some(({ slots }) => slots !== undefined);
  const own = { mayBeNegative, reference: REFERENCE };
  const shown = cells.filter((each) => each !== undefined);
  if (shown.length === 0) return { own: [], notes: [] };
  const values = Float64Array.from(shown.flatMap(({ means }) => [...means]));
  const shared = chooseScale(values, own, options);
  if (!scalePerLayer) {
    return {
      shared,
      own: [],
      notes: [...scaleNotes(values, shared, options), "one scale for all"],
    };
  }
  const where = shared.center === undefined
    ? "from 0 to its greatest value; what is less than 0 has the colour of 0"
    : "centred on 0";
  return {
    own: cells.map((each) => each && chooseScale(each.means, own, options)),
    notes: [
      ...(reference ? ["colours as in AlignSAE's script"] : []),
      `each layer has its own scale, ${where}`,
    ],
  };
}

function titleOf(panels: readonly SlotsPanel[]): string[] {
  const hasSlots = panels.some(({ slots }) => slots !== undefined);
  const hasFeatures = panels.some(({ features }) => features !== undefined);
  return !hasSlots && hasFeatures
    ? [
      "Most Selective Features Across All Layers",
      "(Rows=Query, Cols=Each Relation's Most Selective Feature)",
    ]
    : ["Relation Slot Activation Across All Layers", "(Rows=Query, Cols=Slot)"];
}

function notesOf(panels: readonly SlotsPanel[], { notes }: Scales): string[] {
  return [
    ...notes,
    ...(panels.some(({ features }) => features !== undefined)
      ? [
        "a traditional SAE has no relation slots: its panel shows for each relation the feature " +
        "whose mean there is furthest above that for every other, or the strongest if none is above",
      ]
      : []),
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
  /** The room at the right of the cells for a colour bar. */
  barRoom: number;
  relations: number;
}

function drawPanel(
  { layer, means, numbers, summary, isBest, scale, axis }: Cells & {
    layer: number;
    scale: ColorScale;
    axis: Axis;
  },
  box: Box,
  { below, barRoom, relations }: PanelContext,
): Mark[] {
  const cells = inset(box, { top: titlesHeight(), bottom: below, right: barRoom });
  const count = numbers.length;
  const view = {
    values: means,
    rows: relations,
    stride: count,
    columns: { start: 0, end: count },
  };
  return [
    ...panelTitle(layer, summary, { ...cells, y: box.y }),
    ...axis.marks(cells),
    isBest ? outline(cells, BEST_FRAME) : outline(cells),
    heatmap(view, scale, cells),
    ...cellNumbers(view, cells, { scale, format: format(".2f"), size: ROW_NAMES.size }),
    ...(barRoom === 0 ? [] : ownBar(scale, cells, barRoom)),
  ];
}

function ownBar(scale: ColorScale, cells: Box, room: number): Mark[] {
  const bar = colorBar(scale, "", { height: cells.height, ...PRINT });
  const x = cells.x + cells.width + GAP.colorBar;
  return bar.marks({ ...cells, x, width: room - GAP.colorBar });
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

/** A panel without numbers says why. */
function drawEmptyPanel({ layer, note = "" }: SlotsPanel, box: Box, below: number): Mark[] {
  const area = inset(box, { top: titlesHeight(), bottom: below });
  return [...panelTitle(layer, "", box), ...emptyPanel(note, area)];
}

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
