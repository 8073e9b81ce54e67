/**
 * A page with one heatmap of a layer: what the pictures of slots and of ranked features share.
 *
 * @module
 */
import { type Name, nameColumns, outline } from "../axes.ts";
import { cellNumbers, type NumberStyle } from "../cell_numbers.ts";
import type { ColorScale } from "../color_scale.ts";
import type { Figure } from "../figure.ts";
import { frame } from "../frame.ts";
import { heatmap, type MatrixView } from "../heatmap.ts";
import { panel } from "../panel.ts";
import type { TextStyle } from "../text.ts";
import { figure } from "./layer_picture.ts";

const TITLE_SIZE = 14;
const BAR_NUMBERS = { size: 10 } as const;

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
  /** The names of the columns. */
  readonly columns: readonly Name[];
  /** What the columns are. */
  readonly columnTitle: string;
  /** The print of row names, column names and the titles of both. */
  readonly print: {
    readonly rows: TextStyle;
    readonly columns: TextStyle;
    readonly titles: TextStyle;
  };
  /** How the values are written into the cells; not at all if missing. */
  readonly numbers?: NumberStyle;
}

/** Puts the page together. */
export function layerHeatmap(options: LayerHeatmap): Figure {
  const { size, title, caption, view, scale, columns, print, numbers } = options;
  const { marks, box } = frame({ title, titleSize: TITLE_SIZE, caption }, size);
  const inner = panel({
    rowNames: options.relations,
    rowTitle: "Queried Relation",
    columnAxis: (width) => nameColumns(columns, print.columns, width),
    columnTitle: options.columnTitle,
    scale,
    valueTitle: options.valueTitle,
    print: { names: print.rows, titles: print.titles, numbers: BAR_NUMBERS },
  }, box);
  return figure(title, size, [
    ...marks,
    ...inner.marks,
    outline(inner.box),
    heatmap(view, scale, inner.box),
    ...(numbers === undefined ? [] : cellNumbers(view, inner.box, { scale, ...numbers })),
  ]);
}
