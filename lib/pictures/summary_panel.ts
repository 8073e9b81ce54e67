/**
 * A layer's panel in the summary of all layers: its slots, or what comes nearest.
 *
 * @module
 */
import { range } from "d3-array";
import { format } from "d3-format";
import { type Axis, outline } from "../plot/axes.ts";
import { type Box, inset } from "../plot/box.ts";
import { cellNumbers } from "../plot/cell_numbers.ts";
import { colorBar } from "../plot/color_bar.ts";
import type { ColorScale } from "../plot/color_scale.ts";
import { INK, type Mark } from "../plot/figure.ts";
import { heatmap } from "../plot/heatmap.ts";
import { shorten, text, textHeight, textLines, textWidth, wrap } from "../plot/text.ts";
import { type LayerName, layerTitle } from "../results/layer_name.ts";
import { SLOT_INK } from "./layer_picture.ts";
import type { SlotNames } from "./slot_axis.ts";

/** Distances in points. */
const GAP = { titles: 3, aboveCells: 6, colorBar: 8 } as const;
const PANEL_TITLE = { size: 12, weight: "bold" } as const;
/** The print of the columns' names and of what a panel comes to. */
export const PRINT = { size: 9 } as const;
/** The print of the rows' names and of the numbers in the cells. */
export const ROW_NAMES = { size: 10 } as const;
/** How far a panel's summary may shrink before it is shortened. */
const LEAST_SUMMARY_SHARE = 0.75;
/** The frame of the layer that tells the relations apart best. */
const BEST_FRAME = { color: SLOT_INK.name, width: 3 } as const;

/** A layer's panel. */
export interface SlotsPanel {
  /** The layer. */
  readonly layer: LayerName;
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
    /** The shares of questions in which they are active, of an SAE that is not AlignSAE's. */
    readonly shares?: Float32Array | undefined;
    /** What the panel comes to, in one line. Default: that there are no slots. */
    readonly summary?: string | undefined;
  };
  /** Whether its activations may be negative though it has no slots. Default: no. */
  readonly isSigned?: boolean | undefined;
  /** What to say instead. */
  readonly note?: string;
}

/** What is in a panel, slots or features. */
export interface PanelCells {
  /** The values, rows first. */
  readonly means: Float32Array;
  /** What the columns are called by their numbers. */
  readonly numbers: readonly string[];
  /** The relations that the columns stand for. */
  readonly names: SlotNames;
  /** What the values come to, in one line. */
  readonly summary: string;
  /** Whether the layer tells the relations apart best. */
  readonly isBest: boolean;
}

/** What is in a panel; undefined if there is nothing. */
export function cellsOf(
  { slots, features }: SlotsPanel,
  { relations, slotNames = [], isOfShares }: {
    relations: readonly string[];
    slotNames?: SlotNames;
    isOfShares: boolean;
  },
): PanelCells | undefined {
  if (slots !== undefined) {
    const numbers = range(slots.count).map((slot) => `S${slot}`);
    return { ...slots, numbers, names: slotNames };
  }
  if (features === undefined) return undefined;
  return {
    means: isOfShares ? features.shares! : features.means,
    numbers: features.indices.map((feature) => `F${feature}`),
    names: relations,
    summary: features.summary ?? "no slots: the most selective feature of each relation",
    isBest: false,
  };
}

/** The room above the cells, in points. */
export function titlesHeight(): number {
  return textHeight(1, PANEL_TITLE) + GAP.titles + textHeight(1, PRINT) + GAP.aboveCells;
}

/** What the panels share. */
export interface PanelContext {
  /** The room below the cells for the names of the slots. */
  below: number;
  /** The room at the right of the cells for a colour bar. */
  barRoom: number;
  /** How many rows there are. */
  relations: number;
}

/** Draws a panel. */
export function drawPanel(
  { layer, means, numbers, summary, isBest, scale, axis }: PanelCells & {
    layer: LayerName;
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

/** The room at the right of the cells that a colour bar of their own needs, in points. */
export function barRoomOf(scale: ColorScale, height: number): number {
  return GAP.colorBar + colorBar(scale, "", { height, ...PRINT }).width;
}

function ownBar(scale: ColorScale, cells: Box, room: number): Mark[] {
  const bar = colorBar(scale, "", { height: cells.height, ...PRINT });
  const x = cells.x + cells.width + GAP.colorBar;
  return bar.marks({ ...cells, x, width: room - GAP.colorBar });
}

function panelTitle(layer: LayerName, summary: string, { x, y, width }: Box): Mark[] {
  const place = { x: x + width / 2, align: "middle" } as const;
  const title = text(shorten(layerTitle(layer), PANEL_TITLE, width), {
    ...PANEL_TITLE,
    ...place,
    y,
  });
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

/** Draws a panel without numbers, which says why. */
export function drawEmptyPanel({ layer, note = "" }: SlotsPanel, box: Box, below: number): Mark[] {
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
