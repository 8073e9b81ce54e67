/**
 * Figures as PDF, with real text.
 *
 * @module
 */
import { type CanvasContext, skia } from "../canvas.ts";
import { drawFigure, pixelCanvas } from "../draw.ts";
import { type Figure, POINTS_PER_INCH } from "../figure.ts";

/**
 * Draws a figure as a PDF of one page.
 *
 * @param dpi The resolution of its heatmaps in pixels an inch.
 */
export function toPdf(figure: Figure, dpi: number): Uint8Array {
  const pixelsPerPoint = dpi / POINTS_PER_INCH;
  const document = new skia.PDFDocument({ title: figure.title, creator: "coact" });
  // Its declared type lacks what it can do as any other canvas can.
  const page = document.beginPage(figure.width, figure.height) as unknown as CanvasContext;
  drawFigure(page, figure, {
    pixelsPerPoint,
    putPixels: (context, box) => {
      context.imageSmoothingEnabled = false;
      context.drawImage(
        pixelCanvas(box),
        box.x / pixelsPerPoint,
        box.y / pixelsPerPoint,
        box.width / pixelsPerPoint,
        box.height / pixelsPerPoint,
      );
    },
  });
  document.endPage();
  return document.close();
}
