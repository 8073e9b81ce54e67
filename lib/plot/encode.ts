/**
 * Figures as the bytes of a file.
 *
 * @module
 */
import { type Figure, POINTS_PER_INCH } from "./figure.ts";
import type { PictureFormat } from "./names.ts";
import { toPdf } from "./formats/pdf.ts";
import { toPng } from "./formats/png.ts";
import { toSvg } from "./formats/svg.ts";

/** How many pixels a picture has at most, and along a side: half a gigabyte of memory. */
const MOST_PIXELS = 2 ** 27;
const MOST_SIDE = 32_000;

/** The greatest resolution in which a figure can be drawn, in pixels an inch. */
export function greatestDpi({ width, height }: Figure): number {
  const pixelsPerPoint = Math.min(
    Math.sqrt(MOST_PIXELS / (width * height)),
    MOST_SIDE / Math.max(width, height),
  );
  return Math.floor(pixelsPerPoint * POINTS_PER_INCH);
}

/**
 * Draws a figure. The same figure gives the same bytes each time.
 *
 * @param dpi The resolution in pixels an inch; in SVG and PDF that of the heatmaps alone.
 */
export async function encodeFigure(
  figure: Figure,
  { format, dpi }: { format: PictureFormat; dpi: number },
): Promise<Uint8Array | string> {
  switch (format) {
    case "png":
      return await toPng(figure, dpi);
    case "svg":
      return await toSvg(figure, dpi);
    case "pdf":
      return toPdf(figure, dpi);
  }
}
