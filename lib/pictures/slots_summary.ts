/**
 * The slots of all layers side by side: `all_layers_relation_slots_summary`. Of a layer without slots
 * it shows what comes nearest: the feature of each relation that stands out most.
 *
 * @module
 */
import { range } from "d3-array";
import { nameRows } from "../plot/axes.ts";
import { type Box, inset } from "../plot/box.ts";
import { colorBar } from "../plot/color_bar.ts";
import type { Figure } from "../plot/figure.ts";
import { frame } from "../plot/frame.ts";
import { textHeight } from "../plot/text.ts";
import { figure } from "./layer_picture.ts";
import { nameSlots, type SlotNames } from "./slot_axis.ts";
import {
  barRoomOf,
  cellsOf,
  drawEmptyPanel,
  drawPanel,
  PRINT,
  ROW_NAMES,
  type SlotsPanel,
  titlesHeight,
} from "./summary_panel.ts";
import { type ScaleChoice, scalesOf, showsShares, type SummaryScales } from "./summary_scales.ts";

export type { SlotsPanel } from "./summary_panel.ts";

/** Sizes in points; twelve panels fill 20 × 15 inches. */
const PANEL = { width: 360, height: 329 } as const;
const HEADER = 93;
/** What is around a panel's cells, about, and the least that a cell needs. */
const AROUND = { width: 130, height: 90 } as const;
const CELL = { width: 22, height: 15 } as const;
const LEAST_WIDTH = 480;
const GAP = { betweenRows: 14, betweenColumns: 18 } as const;
/** Up to so many panels stand in one row; more of them in a grid of about this shape. */
const ONE_ROW = 4;
const ASPECT = 4 / 3;
const ROW_NAMES_SHARE = 0.35;

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
export type SummaryOptions = ScaleChoice;

/** The slots of all layers; the page grows with their number. */
export function slotsSummary(summary: SlotsSummary, options: SummaryOptions = {}): Figure {
  const { panels, relations } = summary;
  const isOfShares = showsShares(panels);
  const cells = panels.map((panel) => cellsOf(panel, { ...summary, isOfShares }));
  const scales = scalesOf(cells, { panels, isOfShares }, options);
  const grid = gridOf(panels.length);
  const most = Math.max(0, ...cells.map((each) => each?.numbers.length ?? 0));
  const size = pageSize(grid, { relations: relations.length, slots: most });
  const title = titleOf(panels);
  const caption = [...summary.caption, ...notesOf(panels, scales)];
  const page = frame({ title, titleSize: 18, caption, captionSize: 9 }, size);

  // All layers have one colour bar at the right, or each its own.
  const barHeight = page.box.height - titlesHeight();
  const bar = scales.shared && colorBar(scales.shared, isOfShares ? SHARE : "Mean Activation", {
    height: barHeight,
    size: ROW_NAMES.size,
  });
  const box = inset(page.box, { right: bar === undefined ? 0 : GAP.betweenColumns + bar.width });
  const height = (box.height - (grid.rows - 1) * GAP.betweenRows) / grid.rows;
  const barHeightOfOne = height - titlesHeight() - textHeight(3, PRINT); // about
  const barRooms = scales.own.map((scale) => scale ? barRoomOf(scale, barHeightOfOne) : 0);
  const barRoom = Math.max(0, ...barRooms);
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

/** What the colours stand for where the panels show shares. */
const SHARE = "Share of Questions in Which It Is Active";

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

function notesOf(panels: readonly SlotsPanel[], { notes }: SummaryScales): string[] {
  return [
    ...notes,
    ...(showsShares(panels)
      ? [
        "each column is the feature whose share of active questions is furthest above that for " +
        "every other relation, or the most active one if none is above",
      ]
      : panels.some(({ features }) => features !== undefined)
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
