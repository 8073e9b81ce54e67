/**
 * What can be asked for by name, kept apart from what it takes to draw it.
 *
 * @module
 */

/**
 * The formats of pictures.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { PICTURE_FORMATS } from "@coact/coact";
 *
 * assert(PICTURE_FORMATS.includes("svg"));
 * ```
 */
export const PICTURE_FORMATS = ["png", "svg", "pdf"] as const;

/** A format of pictures. */
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/**
 * Colour maps for values that start at one end.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { SEQUENTIAL } from "@coact/coact";
 *
 * assert(SEQUENTIAL.includes("viridis"));
 * ```
 */
export const SEQUENTIAL = [
  "hot",
  "viridis",
  "cividis",
  "inferno",
  "magma",
  "plasma",
  "Greys",
  "YlOrRd",
] as const;

/**
 * Colour maps for values on both sides of a middle.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { DIVERGING } from "@coact/coact";
 *
 * assert(DIVERGING.includes("RdBu"));
 * ```
 */
export const DIVERGING = ["RdYlBu", "RdBu", "PuOr"] as const;

/** The colour maps, by matplotlib's names. */
export type BaseColorMap = (typeof SEQUENTIAL)[number] | (typeof DIVERGING)[number];

/** A colour map, or the same reversed. */
export type ColorMapName = BaseColorMap | `${BaseColorMap}_r`;

/** The names of the colour maps whose middle is neutral, reversed ones included. */
export const DIVERGING_COLOR_MAPS: readonly ColorMapName[] = withReversed(DIVERGING);

/**
 * The names of all colour maps, reversed ones included.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { COLOR_MAP_NAMES } from "@coact/coact";
 *
 * assert(COLOR_MAP_NAMES.includes("viridis_r"));
 * ```
 */
export const COLOR_MAP_NAMES: readonly ColorMapName[] = [
  ...withReversed(SEQUENTIAL),
  ...DIVERGING_COLOR_MAPS,
];

function withReversed(names: readonly BaseColorMap[]): ColorMapName[] {
  return names.flatMap((name): ColorMapName[] => [name, `${name}_r`]);
}
