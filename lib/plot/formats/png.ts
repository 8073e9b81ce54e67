/**
 * Figures as PNG.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { type CanvasContext, skia } from "../canvas.ts";
import { drawFigure, pixelCanvas, placeRaster } from "../draw.ts";
import { type Figure, POINTS_PER_INCH, type RasterMark } from "../figure.ts";

/**
 * Draws a figure as PNG. It is drawn at once and encoded in the background.
 *
 * @param dpi Its resolution in pixels an inch.
 */
export async function toPng(figure: Figure, dpi: number): Promise<Uint8Array> {
  const pixelsPerPoint = dpi / POINTS_PER_INCH;
  const canvas = skia.createCanvas(
    Math.round(figure.width * pixelsPerPoint),
    Math.round(figure.height * pixelsPerPoint),
  );
  const context = canvas.getContext("2d");
  context.scale(pixelsPerPoint, pixelsPerPoint);
  drawFigure(context, figure, (context, mark) => stretchRaster(context, mark, pixelsPerPoint));
  return withResolution(await canvas.encode("png"), dpi);
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

/** Where the chunks begin: after the signature and the header. */
const HEADER_END = 8 + 25;
const INCHES_PER_METRE = 1 / 0.0254;

/**
 * Says in a PNG how large it is meant to be.
 *
 * Source: https://www.w3.org/TR/png-3/#11pHYs
 */
function withResolution(png: Uint8Array, dpi: number): Uint8Array {
  const chunk = new Uint8Array(4 + 4 + 9 + 4);
  const view = new DataView(chunk.buffer);
  const pixelsPerMetre = Math.round(dpi * INCHES_PER_METRE);
  view.setUint32(0, 9);
  chunk.set(new TextEncoder().encode("pHYs"), 4);
  view.setUint32(8, pixelsPerMetre);
  view.setUint32(12, pixelsPerMetre);
  view.setUint8(16, 1); // the unit: a metre
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, HEADER_END));
  result.set(chunk, HEADER_END);
  result.set(png.subarray(HEADER_END), HEADER_END + chunk.length);
  return result;
}
