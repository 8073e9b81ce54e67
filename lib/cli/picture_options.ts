/**
 * The options that say how pictures are drawn.
 *
 * @module
 */
import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import {
  COLOR_MAP_NAMES,
  type ColorMapName,
  DIVERGING_COLOR_MAPS,
  PICTURE_FORMATS,
  type PictureFormat,
} from "../plot/names.ts";
import { FEATURE_RANKS, type FeatureRank, TOP_FEATURES } from "../pictures/names.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import type { Option } from "./command.ts";
import { countOption, switchOption } from "./options.ts";

/** Resolutions that are of any use, in pixels an inch. */
const DPI = { least: 20, most: 600 } as const;

/** The resolution; undefined for each picture's own. */
export function dpiOption(): Option<number | undefined> {
  const expected = `expected a whole number from ${DPI.least} to ${DPI.most}`;
  const schema = z.string().regex(/^\d{1,4}$/, expected).transform(Number)
    .refine((dpi) => dpi >= DPI.least && dpi <= DPI.most, expected).optional();
  return {
    placeholder: "N",
    about: `pixels an inch, ${DPI.least} to ${DPI.most} ` +
      "(default: 200 of the dense picture and of the summary, 150 of others)",
    schema,
  };
}

/** The formats, each once. */
export function formatOption(): Option<PictureFormat[]> {
  const schema = z.string().transform((text, context) => {
    const formats = new Set<PictureFormat>();
    for (const name of text.split(",").map((part) => part.trim())) {
      const format = PICTURE_FORMATS.find((known) => known === name.toLowerCase());
      if (format === undefined) {
        const what = name === "" ? "a format is missing" : `${name} is no known format`;
        const message = `${what}; there are ${PICTURE_FORMATS.join(", ")}`;
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      }
      formats.add(format);
    }
    return [...formats];
  });
  return {
    placeholder: "LIST",
    values: PICTURE_FORMATS,
    about: `the formats of the pictures, of ${PICTURE_FORMATS.join(", ")}`,
    default: "png",
    schema,
  };
}

/** The colour map; undefined for each picture's own. */
export function colorMapOption(): Option<ColorMapName | undefined> {
  const schema = z.enum(COLOR_MAP_NAMES, {
    error: `there is no such colour map; there are ${COLOR_MAP_NAMES.join(", ")}`,
  }).optional();
  return {
    placeholder: "NAME",
    values: COLOR_MAP_NAMES,
    about: "the colour map instead of each picture's own, by matplotlib's names: " +
      `${COLOR_MAP_NAMES.filter((name) => !name.endsWith("_r")).join(", ")}, each also with _r`,
    schema,
  };
}

/** Whether the colours are centred on zero. */
export function signedOption(): Option<boolean> {
  return switchOption(
    "centre the colours on zero, as they are anyway for SAEs whose activations may be negative, " +
      "and with a diverging colour map",
  );
}

/** Whether the colours are AlignSAE's. */
function referenceColorsOption(): Option<boolean> {
  return switchOption(
    "colours as in AlignSAE's script: each picture has its own colour map, negative activations " +
      "look like 0 in most, and each layer of the summary has its own scale",
  );
}

/** How features are chosen. */
export function rankOption(): Option<FeatureRank | undefined> {
  const schema = z.enum(FEATURE_RANKS, {
    error: `expected one of ${FEATURE_RANKS.join(", ")}`,
  }).optional();
  return {
    placeholder: FEATURE_RANKS.join("|"),
    values: FEATURE_RANKS,
    about:
      "which features are shown: for each relation its strongest and most selective ones, its " +
      "selective ones alone, or those with the highest mean over the relations, as in AlignSAE's " +
      "script (default: relation for AlignSAE's SAEs, selective for others)",
    schema,
  };
}

/** Whether each layer of the summary has a scale of its own. */
export function scalePerLayerOption(): Option<boolean> {
  return switchOption("give each layer of the summary a colour scale of its own");
}

/** How many free features are shown. */
export function topFeaturesOption(): Option<number> {
  return countOption(
    "how many free features are shown in the picture of the top ones",
    TOP_FEATURES,
  );
}

/** The options of every script that draws activations. */
export const PICTURE_OPTIONS: {
  readonly dpi: Option<number | undefined>;
  readonly format: Option<PictureFormat[]>;
  readonly colormap: Option<ColorMapName | undefined>;
  readonly signed: Option<boolean>;
  readonly reference_colors: Option<boolean>;
} = {
  dpi: dpiOption(),
  format: formatOption(),
  colormap: colorMapOption(),
  signed: signedOption(),
  reference_colors: referenceColorsOption(),
};

/** The values of picture options; those that a script does not have are missing. */
export interface PictureValues {
  /** The resolution. */
  dpi: number | undefined;
  /** The formats. */
  format: PictureFormat[];
  /** The colour map. */
  colormap: ColorMapName | undefined;
  /** Whether the colours are centred on zero. */
  signed?: boolean;
  /** Whether the colours are AlignSAE's. */
  reference_colors?: boolean;
  /** How features are chosen. */
  rank?: FeatureRank | undefined;
  /** Whether each layer of the summary has a scale of its own. */
  scale_per_layer?: boolean;
  /** How many free features are shown. */
  top_k_features?: number;
}

/**
 * How pictures are to be drawn.
 *
 * @throws {UsageError} If the colours are to be centred and the colour map has no neutral middle, or
 * they are to be AlignSAE's, which are not centred.
 */
export function pictureOptions(values: PictureValues): PictureOptions {
  const { dpi, format, colormap, signed = false, top_k_features = TOP_FEATURES } = values;
  const { reference_colors: reference = false, rank, scale_per_layer } = values;
  if (signed && reference) {
    throw new UsageError(
      "--signed centres the colours on zero, and --reference_colors does not: leave out one of them",
    );
  }
  if (signed && colormap !== undefined && !DIVERGING_COLOR_MAPS.includes(colormap)) {
    throw new UsageError(
      `--signed needs a colour map with a neutral middle, which ${colormap} has not; there are ` +
        DIVERGING_COLOR_MAPS.join(", "),
    );
  }
  return {
    formats: format,
    dpi,
    colorMap: colormap,
    signed: signed || undefined,
    reference,
    rank,
    scalePerLayer: scale_per_layer || undefined,
    topFeatures: top_k_features,
  };
}
