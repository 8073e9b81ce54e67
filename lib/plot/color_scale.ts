/**
 * From values to colours.
 *
 * @module
 */
import { max, min } from "d3-array";
import { type ColorMap, COLORS } from "./color_map.ts";

/** Which values the two ends of a colour map stand for. */
export interface ColorScale {
  /** The colours. */
  readonly map: ColorMap;
  /** The value of the first colour; all below have it, too. */
  readonly low: number;
  /** The value of the last colour. */
  readonly high: number;
  /** Where the middle of a diverging map is; none if the map starts at its lower end. */
  readonly center?: number;
  /** The least of the values, if it is below `low`: then it is drawn as if it were `low`. */
  readonly clipped?: number;
}

/**
 * A scale from a lower end to the greatest value.
 *
 * @param low The lower end. Default: the least value.
 */
export function sequentialScale(
  map: ColorMap,
  values: ArrayLike<number> & Iterable<number>,
  low?: number,
): ColorScale {
  const least = min(values) ?? 0;
  const start = low ?? least;
  const greatest = max(values) ?? start;
  // Where all values are the same there is nothing to scale by; any end does that is above.
  const high = greatest > start ? greatest : start + (Math.abs(start) || 1);
  return { map, low: start, high, ...(least < start && { clipped: least }) };
}

/** A scale as far below zero as above, so that the middle of a diverging map is zero. */
export function centeredScale(
  map: ColorMap,
  values: ArrayLike<number> & Iterable<number>,
): ColorScale {
  const reach = Math.max(Math.abs(min(values) ?? 0), Math.abs(max(values) ?? 0)) || 1;
  return { map, low: -reach, high: reach, center: 0 };
}

/** Which of the map's colours a value has. */
export function colorIndex({ low, high }: ColorScale, value: number): number {
  const place = Math.floor((value - low) / (high - low) * COLORS);
  return Math.min(COLORS - 1, Math.max(0, place));
}

/** How much a value stands out: where several share a pixel, the strongest is drawn. */
export function strength({ center }: ColorScale, value: number): number {
  return center === undefined ? value : Math.abs(value - center);
}

/** The colour of a value: red, green and blue of 0 to 255. */
export function colorOf(scale: ColorScale, value: number): [number, number, number] {
  const start = 3 * colorIndex(scale, value);
  const [red = 0, green = 0, blue = 0] = scale.map.colors.subarray(start, start + 3);
  return [red, green, blue];
}

/** Black or white: black on bright colours, white on dark ones. */
export function inkOn([red, green, blue]: readonly [number, number, number]): string {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > MIDDLE_LUMINANCE ? "#000000" : "#ffffff";
}

/**
 * The luminance of CIE lightness 60. By the contrast ratio of WCAG black would win from lightness 50
 * on, but on the mid blues and reds of the maps white is what readers prefer, and what seaborn takes.
 */
const MIDDLE_LUMINANCE = ((60 + 16) / 116) ** 3;

/** Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
