/**
 * What the pictures of a layer have in common.
 *
 * @module
 */
import { format } from "d3-format";
import type { FeatureLayout } from "../../stats/feature_layout.ts";
import { colorMap } from "../color_map.ts";
import { centeredScale, type ColorScale, sequentialScale } from "../color_scale.ts";
import { type Figure, type Mark, POINTS_PER_INCH } from "../figure.ts";
import { type ColorMapName, DIVERGING_COLOR_MAPS } from "../names.ts";

/** A layer, as pictures need it. */
export interface LayerPicture {
  /** The layer. */
  readonly layer: number;
  /** The kind of SAE. */
  readonly kind: "supervised" | "traditional";
  /** How the features lie in the matrix's rows. */
  readonly layout: FeatureLayout;
  /** The names of the relations, one for each row. */
  readonly relations: readonly string[];
  /** The matrix, `[relations, features]`. */
  readonly matrix: Float32Array | Float64Array;
  /** What the layer's results were made of, sentence by sentence. */
  readonly caption: readonly string[];
}

/** Which colours a picture gets. */
export interface ColorChoice {
  /** A colour map instead of the picture's own. */
  readonly colorMap?: ColorMapName | undefined;
  /** Whether the scale is centred on zero; a diverging map is taken if none is named. */
  readonly signed?: boolean | undefined;
}

/** The map for values on both sides of zero, of pictures whose own is not diverging. */
const SIGNED_MAP: ColorMapName = "RdBu_r";

/**
 * The scale of a picture.
 *
 * @param own The picture's own colour map, and where it starts; at the least value if not said.
 */
export function chooseScale(
  values: Float32Array | Float64Array,
  own: { map: ColorMapName; low?: number },
  { colorMap: name, signed = false }: ColorChoice,
): ColorScale {
  const isDiverging = DIVERGING_COLOR_MAPS.includes(own.map);
  const map = colorMap(name ?? (signed && !isDiverging ? SIGNED_MAP : own.map));
  return signed ? centeredScale(map, values) : sequentialScale(map, values, own.low);
}

/** What the caption says where there may be more columns than pixels. */
export const SHARED_PIXELS = "where features share a pixel, the strongest is drawn";

/** What the caption has to say of a scale: where it starts, what it clips, what is missing. */
export function scaleNotes(values: Float32Array | Float64Array, scale: ColorScale): string[] {
  const { low, center, clipped } = scale;
  if (center !== undefined) return [`the colours are centred on ${center}`];
  if (clipped !== undefined) {
    const below = values.filter((value) => value < low).length;
    const notes = `${withCommas(below)} of ${withCommas(values.length)} values are below ${low}`;
    const none = below === values.length ? ", and none above" : "";
    return [`${notes}${none}: --signed shows them`];
  }
  if (low < 0) return ["the colours start at the least value, below 0: --signed centres them"];
  return values.some((value) => value > low) ? [] : [`no value is above ${low}`];
}

/** A size in inches, in points. */
export function inches(width: number, height: number): { width: number; height: number } {
  return { width: width * POINTS_PER_INCH, height: height * POINTS_PER_INCH };
}

/** A figure: its title in one line for readers who cannot see it. */
export function figure(
  title: readonly string[],
  size: { width: number; height: number },
  marks: readonly Mark[],
): Figure {
  return { title: title.join(" "), ...size, marks };
}

/** `10,006`. */
export const withCommas: (value: number) => string = format(",");
