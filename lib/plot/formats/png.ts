/**
 * Figures as PNG.
 *
 * @module
 */
import type { CanvasContext } from "../canvas.ts";
import { drawFigure, pixelCanvas, placeRaster } from "../draw.ts";
import { type Figure, POINTS_PER_INCH, type RasterMark } from "../figure.ts";
import { takeCanvas } from "../spare_canvas.ts";
import { encodePng } from "./png_file.ts";

/**
 * Draws a figure as PNG.
 *
 * @param dpi Its resolution in pixels an inch.
 */
export async function toPng(figure: Figure, dpi: number): Promise<Uint8Array> {
  const pixelsPerPoint = dpi / POINTS_PER_INCH;
  const width = Math.round(figure.width * pixelsPerPoint);
  const height = Math.round(figure.height * pixelsPerPoint);
  const { context, give } = takeCanvas(width, height);
  context.scale(pixelsPerPoint, pixelsPerPoint);
  drawFigure(context, figure, (context, mark) => stretchRaster(context, mark, pixelsPerPoint));
  const png = await encodePng(
    { width, height, dpi },
    (first, count) => context.getImageData(0, first, width, count).data,
  );
  give();
  return png;
}

/** Six rows of cells are painted six pixels high, not a thousand, and stretched: the same, sooner. */
function stretchRaster(context: CanvasContext, mark: RasterMark, pixelsPerPoint: number): void {
  const { x, y, width, height } = placeRaster(mark, pixelsPerPoint);
  const rows = Math.min(mark.rows, height);
  const painted = pixelCanvas({ width, height: rows, pixels: mark.paint(width, rows) });
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(painted, x, y, width, height);
  context.restore();
}
