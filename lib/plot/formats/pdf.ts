/**
 * Figures as PDF, with real text.
 *
 * @module
 */
import { type CanvasContext, skia } from "../canvas.ts";
import { drawFigure, paintRaster, pixelCanvas } from "../draw.ts";
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
  drawFigure(page, figure, (context, mark) => {
    const painted = paintRaster(mark, pixelsPerPoint);
    context.imageSmoothingEnabled = false;
    context.drawImage(
      pixelCanvas(painted),
      painted.x / pixelsPerPoint,
      painted.y / pixelsPerPoint,
      painted.width / pixelsPerPoint,
      painted.height / pixelsPerPoint,
    );
  });
  document.endPage();
  return document.close();
}
