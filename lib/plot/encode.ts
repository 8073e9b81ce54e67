/**
 * Figures as the bytes of a file.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import type { PictureFormat } from "./names.ts";
import { toPdf } from "./formats/pdf.ts";
import { toPng } from "./formats/png.ts";
import { toSvg } from "./formats/svg.ts";

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
