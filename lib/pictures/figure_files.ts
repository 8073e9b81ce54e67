/**
 * Figures as files.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { Staging } from "../files/write_whole.ts";
import { encodeFigure, greatestDpi } from "../plot/encode.ts";
import { type Figure, POINTS_PER_INCH } from "../plot/figure.ts";
import type { PictureFormat } from "../plot/names.ts";
import type { FeatureRank } from "./names.ts";
import type { SummaryOptions } from "./slots_summary.ts";

/** How pictures are to be drawn. */
export interface PictureOptions extends SummaryOptions {
  /** The formats; each gets a file. Default: PNG. */
  readonly formats?: readonly PictureFormat[];
  /** The resolution in pixels an inch. Default: each picture's own. */
  readonly dpi?: number | undefined;
  /** How many free features the picture of the strongest ones shows. Default: 50. */
  readonly topFeatures?: number;
  /** How the features of the pictures of the strongest and most consistent ones are chosen. */
  readonly rank?: FeatureRank | undefined;
}

/**
 * Writes a figure in every format asked for, all of them or none.
 *
 * @param how The options; the resolution if they name none, lowered to what can be drawn; and the
 * path for a format.
 * @returns The paths written.
 * @throws {InputError} If it cannot be drawn in the resolution asked for, or not be written.
 */
export async function writeFigure(
  figure: Figure,
  { options, dpi, path }: {
    options: PictureOptions;
    dpi: number;
    path: (format: PictureFormat) => string;
  },
): Promise<string[]> {
  const { formats = ["png"], dpi: asked } = options;
  const most = greatestDpi(figure);
  if (asked !== undefined && asked > most) {
    throw new InputError(
      `${path(formats[0]!)} would be too large: ${asked} dpi of ${figure.width / POINTS_PER_INCH}` +
        ` × ${(figure.height / POINTS_PER_INCH).toFixed(1)} inches`,
      { advice: { kind: "lower_dpi", atMost: most } },
    );
  }
  await using staging = new Staging();
  for (const format of formats) {
    const picture = await encodeFigure(figure, { format, dpi: asked ?? Math.min(dpi, most) });
    await staging.add(path(format), picture);
  }
  await staging.commit();
  return formats.map(path);
}
