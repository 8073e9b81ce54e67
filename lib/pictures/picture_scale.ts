/**
 * The colours that a picture gets, and what its caption has to say of them.
 *
 * Zero has one colour in all pictures of a run: the middle of one diverging map where activations
 * may be negative, the first colour of one map where they may not. Only the reference's own colours
 * differ from picture to picture.
 *
 * @module
 */
import { type ColorMap, colorMap, upperHalf } from "../plot/color_map.ts";
import { centeredScale, type ColorScale, sequentialScale } from "../plot/color_scale.ts";
import { type ColorMapName, DIVERGING_COLOR_MAPS } from "../plot/names.ts";
import { withCommas } from "./layer_picture.ts";

/** Which colours a picture gets. */
export interface ColorChoice {
  /** A colour map instead of the picture's own. */
  readonly colorMap?: ColorMapName | undefined;
  /**
   * Whether the scale is centred on zero; a diverging map is taken if none is named. Default: if the
   * map named is a diverging one; if none is named, where activations may be negative.
   */
  readonly signed?: boolean | undefined;
  /** Whether to draw as AlignSAE's script does: each picture with a map and a start of its own. */
  readonly reference?: boolean | undefined;
}

/** What a picture brings along. */
export interface OwnColors {
  /** Whether its values may be negative: those of an SAE without an activation function. */
  readonly mayBeNegative: boolean;
  /** AlignSAE's map, and where its scale starts; at the least value if not said. */
  readonly reference: { readonly map: ColorMapName; readonly low?: number };
}

/** The map for values on both sides of zero. */
const SIGNED_MAP: ColorMapName = "RdBu_r";
/** The map for values that are never negative: AlignSAE's. */
const UNSIGNED_MAP: ColorMapName = "hot";

/** The scale of a picture of activations. */
export function chooseScale(
  values: Float32Array | Float64Array,
  { mayBeNegative, reference: own }: OwnColors,
  choice: ColorChoice,
): ColorScale {
  const { colorMap: name, reference = false } = choice;
  if (isSigned(choice, mayBeNegative)) return centeredScale(colorMap(name ?? SIGNED_MAP), values);
  return reference
    ? sequentialScale(colorMap(name ?? own.map), values, own.low)
    : sequentialScale(colorMap(name ?? UNSIGNED_MAP), values, 0);
}

/**
 * The map of a picture of shares from 0 to 1, in which zero has the colour that it has in the
 * pictures of activations.
 *
 * @param own AlignSAE's map.
 */
export function chooseShareMap(
  { mayBeNegative, reference: own }: OwnColors,
  choice: ColorChoice,
): ColorMap {
  const { colorMap: name, reference = false } = choice;
  if (isSigned(choice, mayBeNegative)) return upperHalf(name ?? SIGNED_MAP);
  return colorMap(name ?? (reference ? own.map : UNSIGNED_MAP));
}

function isSigned({ colorMap: name, signed, reference }: ColorChoice, mayBeNegative: boolean) {
  if (reference) return false;
  return signed ?? (name === undefined ? mayBeNegative : DIVERGING_COLOR_MAPS.includes(name));
}

/** What the caption has to say of a scale: where its zero is, what it clips, what is missing. */
export function scaleNotes(
  values: Float32Array | Float64Array,
  scale: ColorScale,
  { reference = false }: ColorChoice = {},
): string[] {
  const { low, center, clipped } = scale;
  const whose = reference ? ["colours as in AlignSAE's script"] : [];
  if (center !== undefined) return [`signed colours: the middle of the scale is ${center}`];
  if (clipped !== undefined) {
    const below = values.filter((value) => value < low).length;
    const notes = `${withCommas(below)} of ${withCommas(values.length)} values are below ${low}`;
    const none = below === values.length ? ", and none above" : "";
    return [...whose, `${notes}${none}: they have the colour of ${low}`];
  }
  if (low < 0) return [...whose, "the colours start at the least value, which is below 0"];
  return values.some((value) => value > low) ? whose : [...whose, `no value is above ${low}`];
}
