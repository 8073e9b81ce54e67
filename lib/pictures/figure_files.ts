/**
 * Figures as files.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { timed } from "../base/work_log.ts";
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

/** A file to be, with a figure. */
export interface FigureFile {
  /** Where it is to be. */
  readonly path: string;
  /** What it is to hold. */
  readonly content: Uint8Array | string;
}

/** How a figure becomes files. */
export interface FigureFileOptions {
  /** The options. */
  readonly options: PictureOptions;
  /** The resolution if the options name none, lowered to what can be drawn. */
  readonly dpi: number;
  /** The path for a format. */
  readonly path: (format: PictureFormat) => string;
}

/**
 * Writes a figure in every format asked for, all of them or none.
 *
 * @returns The paths written.
 * @throws {InputError} If it cannot be drawn in the resolution asked for, or not be written.
 */
export async function writeFigure(figure: Figure, how: FigureFileOptions): Promise<string[]> {
  return await writeFigureFiles(await timed("pictures", () => drawFigureFiles(figure, how)));
}

/**
 * Draws a figure in every format asked for; nothing is written.
 *
 * @throws {InputError} If it cannot be drawn in the resolution asked for.
 */
export async function drawFigureFiles(
  figure: Figure,
  { options, dpi, path }: FigureFileOptions,
): Promise<FigureFile[]> {
  const { formats = ["png"], dpi: asked } = options;
  const most = greatestDpi(figure);
  if (asked !== undefined && asked > most) {
    throw new InputError(
      `${path(formats[0]!)} would be too large: ${asked} dpi of ${figure.width / POINTS_PER_INCH}` +
        ` × ${(figure.height / POINTS_PER_INCH).toFixed(1)} inches`,
      { advice: { kind: "lower_dpi", atMost: most } },
    );
  }
  const files: FigureFile[] = [];
  for (const format of formats) {
    const content = await encodeFigure(figure, { format, dpi: asked ?? Math.min(dpi, most) });
    files.push({ path: path(format), content });
  }
  return files;
}

/**
 * Writes figures that were drawn, all of them or none.
 *
 * @returns Their paths.
 * @throws {InputError} If one cannot be written.
 */
export async function writeFigureFiles(files: readonly FigureFile[]): Promise<string[]> {
  await timed("write", async () => {
    await using staging = new Staging();
    for (const { path, content } of files) await staging.add(path, content);
    await staging.commit();
  });
  return files.map(({ path }) => path);
}
