/**
 * Numbers along the sides of a box in which something is drawn by its values.
 *
 * @module
 */
import { type ScaleLinear, scaleLinear } from "d3-scale";
import { TICK, tick } from "./axes.ts";
import type { Box } from "./box.ts";
import type { Mark } from "./figure.ts";
import { text, textHeight, type TextStyle, widest } from "./text.ts";

/** The colour of the lines behind what is drawn. */
const GRID = "#e3e3e3";

/** From values to places on a page, in points. */
export interface Plane {
  /** From left to right. */
  readonly x: (value: number) => number;
  /** From bottom to top. */
  readonly y: (value: number) => number;
}

/** The values at which an axis begins and ends, and about how many of them are named. */
export interface NumberAxis {
  /** The first and the last value. */
  readonly domain: readonly [number, number];
  /** About how many numbers stand along it. */
  readonly count: number;
}

/** The places of values in a box. */
export function planeOf(box: Box, { x, y }: { x: NumberAxis; y: NumberAxis }): Plane {
  return {
    x: linear(x.domain, [box.x, box.x + box.width]),
    y: linear(y.domain, [box.y + box.height, box.y]),
  };
}

/** How far the numbers at the left of a box reach, in points. */
export function numbersWidth(axis: NumberAxis, style: TextStyle): number {
  return widest(numbersOf(axis).map(({ label }) => label), style) + TICK.length + TICK.gap;
}

/** How far the numbers below a box reach, in points. */
export function numbersHeight(style: TextStyle): number {
  return TICK.length + TICK.gap + textHeight(1, style);
}

/** The numbers at the left of a box, with lines through it. */
export function numbersAtLeft(axis: NumberAxis, box: Box, style: TextStyle): Mark[] {
  const y = linear(axis.domain, [box.y + box.height, box.y]);
  return numbersOf(axis).flatMap(({ value, label }): Mark[] => [
    gridLine([box.x, y(value)], [box.x + box.width, y(value)]),
    tick([box.x, y(value)], [box.x - TICK.length, y(value)]),
    text(label, {
      ...style,
      x: box.x - TICK.length - TICK.gap,
      y: y(value),
      align: "end",
      across: "middle",
    }),
  ]);
}

/** The numbers below a box, with lines through it. */
export function numbersBelow(axis: NumberAxis, box: Box, style: TextStyle): Mark[] {
  const x = linear(axis.domain, [box.x, box.x + box.width]);
  const y = box.y + box.height;
  return numbersOf(axis).flatMap(({ value, label }): Mark[] => [
    gridLine([x(value), box.y], [x(value), y]),
    tick([x(value), y], [x(value), y + TICK.length]),
    text(label, { ...style, x: x(value), y: y + TICK.length + TICK.gap, align: "middle" }),
  ]);
}

function numbersOf({ domain, count }: NumberAxis): { value: number; label: string }[] {
  const scale = scaleLinear().domain(domain);
  const format = scale.tickFormat(count);
  return scale.ticks(count).map((value) => ({ value, label: format(value) }));
}

function linear(
  domain: readonly [number, number],
  range: [number, number],
): ScaleLinear<number, number> {
  return scaleLinear().domain(domain).range(range);
}

function gridLine(from: readonly [number, number], to: readonly [number, number]): Mark {
  return { kind: "line", from, to, color: GRID, width: 0.6 };
}

/** A line of dashes. */
export function dashes(
  from: readonly [number, number],
  to: readonly [number, number],
  { color, width = 0.8, dash = 4 }: { color: string; width?: number; dash?: number },
): Mark[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const at = (distance: number): [number, number] => [
    from[0] + (to[0] - from[0]) * distance / length,
    from[1] + (to[1] - from[1]) * distance / length,
  ];
  return Array.from({ length: Math.ceil(length / (2 * dash)) }, (_, i): Mark => ({
    kind: "line",
    from: at(2 * i * dash),
    to: at(Math.min(length, (2 * i + 1) * dash)),
    color,
    width,
  }));
}
