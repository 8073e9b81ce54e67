/**
 * Colour maps by matplotlib's names. Their colours are matplotlib's to within one level of 255; only
 * `cividis` is d3's approximation, up to 19 levels away.
 *
 * @module
 */
import { range } from "d3-array";
import { rgb } from "d3-color";
import { scaleLinear } from "d3-scale";
import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolateViridis,
  schemeGreys,
  schemePuOr,
  schemeRdBu,
  schemeRdYlBu,
  schemeYlOrRd,
} from "d3-scale-chromatic";
import type { BaseColorMap, ColorMapName } from "./names.ts";

/** How many colours a map has. */
export const COLORS = 256;

/** Colours for the numbers from 0 to 1. */
export interface ColorMap {
  /** Its name. */
  readonly name: ColorMapName;
  /** Its colours, `[COLORS, 3]`: red, green and blue of 0 to 255. */
  readonly colors: Uint8Array;
}

/** The colour at a place from 0 to 1, as CSS. */
type Interpolate = (place: number) => string;

const MAPS: Readonly<Record<BaseColorMap, Interpolate>> = {
  hot: hot(),
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  inferno: interpolateInferno,
  magma: interpolateMagma,
  plasma: interpolatePlasma,
  Greys: through(schemeGreys[9]!),
  YlOrRd: through(schemeYlOrRd[9]!),
  RdYlBu: through(schemeRdYlBu[11]!),
  RdBu: through(schemeRdBu[11]!),
  PuOr: through(schemePuOr[11]!.toReversed()), // in d3 it runs the other way
};

/** A colour map. */
export function colorMap(name: ColorMapName): ColorMap {
  return { name, colors: colorsFrom(name, 0) };
}

/**
 * The upper half of a diverging map: for values that are never negative, and whose zero is to look
 * like that of values that are.
 */
export function upperHalf(name: ColorMapName): ColorMap {
  // The colour that a scale centred on zero has there.
  return { name, colors: colorsFrom(name, COLORS / 2 / (COLORS - 1)) };
}

/** The colours of a map from a place on to its end. */
function colorsFrom(name: ColorMapName, start: number): Uint8Array {
  const reversed = name.endsWith("_r");
  const at = MAPS[name.replace(/_r$/, "") as BaseColorMap];
  const colors = range(COLORS).flatMap((i) => {
    const place = start + (1 - start) * (i / (COLORS - 1));
    const { r, g, b } = rgb(at(reversed ? 1 - place : place));
    return [r, g, b];
  });
  return Uint8Array.from(colors, Math.round);
}

/** Straight from colour to colour, as matplotlib does it; d3's own curves are smoothed. */
function through(scheme: readonly string[]): Interpolate {
  return scaleLinear<string>()
    .domain(scheme.map((_, i) => i / (scheme.length - 1)))
    .range(scheme);
}

/**
 * Black, red, yellow, white.
 *
 * Source: `_hot_data` of matplotlib's `_cm.py`.
 */
function hot(): Interpolate {
  const redEnd = 0.365079;
  const greenEnd = 0.746032;
  const part = (domain: number[], values: number[]) =>
    scaleLinear().domain(domain).range(values.map((value) => 255 * value)).clamp(true);
  const red = part([0, redEnd], [0.0416, 1]);
  const green = part([redEnd, greenEnd], [0, 1]);
  const blue = part([greenEnd, 1], [0, 1]);
  return (place) => rgb(red(place), green(place), blue(place)).formatRgb();
}
