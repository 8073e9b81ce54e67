/**
 * The colours that a picture gets, and what its caption has to say of them.
 *
 * @module
 */
import { colorMap } from "../color_map.ts";
import { centeredScale, type ColorScale, sequentialScale } from "../color_scale.ts";
import { type ColorMapName, DIVERGING_COLOR_MAPS } from "../names.ts";
import { withCommas } from "./layer_picture.ts";

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

/** What the caption has to say of a scale: where it starts, what it clips, what is missing. */
export function scaleNotes(values: Float32Array | Float64Array, scale: ColorScale): string[] {
  const { low, center, clipped } = scale;
  if (center !== undefined) return [`the colours are centred on ${center}`];
  if (clipped !== undefined) {
    const below = values.filter((value) => value < low).length;
    const notes = `${withCommas(below)} of ${withCommas(values.length)} values are below ${low}`;
    const none = below === values.length ? ", and none above" : "";
    return [`${notes}${none}: drawn as ${low}`];
  }
  if (low < 0) return ["the colours start at the least value, below 0"];
  return values.some((value) => value > low) ? [] : [`no value is above ${low}`];
}
