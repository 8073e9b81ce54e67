/**
 * Estimates over the layers of a run, as lines with bands: a part of the pictures of emergence and of
 * two runs compared.
 *
 * @module
 */
import { band, type BandStyle } from "../plot/band.ts";
import { nameColumns, outline } from "../plot/axes.ts";
import { type Box, inset } from "../plot/box.ts";
import type { Mark } from "../plot/figure.ts";
import { dashes, type NumberAxis, numbersAtLeft, planeOf } from "../plot/number_axis.ts";
import { text, textHeight } from "../plot/text.ts";
import type { Interval } from "../stats/wilson.ts";

/** The print of the numbers and of the layers' names. */
export const NUMBERS = { size: 8 } as const;
const AXIS_TITLE = { size: 9 } as const;
const TITLE_GAP = 4;
/** With so few layers, the lines stand beside each other, so far apart in points. */
const FEW_LAYERS = 3;
const APART = 8;
const REFERENCE = "#555555";

/** An estimate at a layer. */
export interface LayerEstimate {
  /** The estimate; null or missing where there is none. */
  readonly estimate?: number | null | undefined;
  /** Its interval. */
  readonly interval?: Interval | null | undefined;
}

/** A line. */
export interface LayerLine {
  /** One estimate a layer. */
  readonly estimates: readonly LayerEstimate[];
  /** How it looks. */
  readonly style: BandStyle;
}

/** What stands in a box. */
export interface LayerLines {
  /** The lines, from back to front. */
  readonly lines: readonly LayerLine[];
  /** The names of the layers; not shown if empty. */
  readonly layers: readonly string[];
  /** What stands below the names. */
  readonly layerTitle: string;
  /** What the estimates are. */
  readonly valueTitle: string;
  /** The numbers at the left. */
  readonly axis: NumberAxis;
  /** How far they reach, in points. */
  readonly numbers: number;
  /** The value at which a dashed line is drawn. */
  readonly reference: number;
}

/** The room at the left of the lines, and below them where names stand there, in points. */
const TITLE_ROOM = textHeight(1, AXIS_TITLE) + TITLE_GAP;

/** The box of the lines within the one that is given. */
export function linesBox(
  { layers, numbers }: Pick<LayerLines, "layers" | "numbers">,
  box: Box,
): Box {
  const left = TITLE_ROOM + numbers;
  if (layers.length === 0) return inset(box, { left });
  const { reach } = nameColumns(named(layers), NUMBERS, box.width - left);
  return inset(box, { left, bottom: reach + TITLE_ROOM });
}

/** How far the names of layers reach below lines that are so wide, in points. */
export function namesReach(layers: readonly string[], width: number): number {
  return nameColumns(named(layers), NUMBERS, width).reach;
}

/** Draws lines with their axes. */
export function layerLines(options: LayerLines, box: Box): Mark[] {
  const { lines, layers, layerTitle, valueTitle, axis, reference } = options;
  const inner = linesBox(options, box);
  const { y } = planeOf(inner, { x: { domain: [0, 1], count: 1 }, y: axis });
  const count = lines[0]!.estimates.length;
  const shift = count <= FEW_LAYERS ? APART : 0;
  const marks = lines.flatMap(({ estimates, style }, i) => {
    const aside = (i - (lines.length - 1) / 2) * shift;
    return band(
      estimates.map(({ estimate, interval }, layer) => ({
        x: inner.x + (layer + 0.5) * inner.width / count + aside,
        y: estimate == null ? undefined : y(estimate),
        ends: interval == null ? undefined : [y(interval[0]), y(interval[1])],
      })),
      style,
    );
  });
  return [
    outline(inner),
    ...numbersAtLeft(axis, inner, NUMBERS),
    ...dashes([inner.x, y(reference)], [inner.x + inner.width, y(reference)], { color: REFERENCE }),
    ...(layers.length === 0 ? [] : nameColumns(named(layers), NUMBERS, inner.width).marks(inner)),
    ...marks,
    text(valueTitle, {
      ...AXIS_TITLE,
      x: box.x,
      y: inner.y + inner.height / 2,
      align: "middle",
      turned: true,
    }),
    ...(layers.length === 0 ? [] : [text(layerTitle, {
      ...AXIS_TITLE,
      x: inner.x + inner.width / 2,
      y: box.y + box.height,
      align: "middle",
      across: "bottom",
    })]),
  ];
}

function named(layers: readonly string[]): { text: string }[] {
  return layers.map((text) => ({ text }));
}

/**
 * The least and greatest of some estimates and their intervals, to whole tenths, and a little beyond so
 * that a line there is seen.
 *
 * @param within The ends that are shown at least.
 */
export function axisAround(
  estimates: readonly LayerEstimate[],
  within: readonly [number, number],
): NumberAxis {
  const values = estimates.flatMap(({ estimate, interval }) =>
    [estimate, interval?.[0], interval?.[1]].filter((value) => value != null)
  );
  const low = Math.floor(10 * Math.min(within[0], ...values) + ROUNDING) / 10;
  const high = Math.ceil(10 * Math.max(within[1], ...values) - ROUNDING) / 10;
  return { domain: [low - BEYOND, high + BEYOND], count: 5 };
}

const BEYOND = 0.02;
const ROUNDING = 1e-6;
