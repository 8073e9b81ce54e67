/**
 * Draws a figure on a Skia canvas.
 *
 * @module
 */
import type { Box } from "./box.ts";
import { type Canvas, type CanvasContext, setFont, skia } from "./canvas.ts";
import { familiesOf } from "./fonts.ts";
import type {
  Figure,
  LineMark,
  Mark,
  PolygonMark,
  RasterMark,
  RectangleMark,
  TextMark,
} from "./figure.ts";

/** A figure's pixels at a place on it. */
export interface PixelBox extends Box {
  /** Their colours: RGBA, rows from top to bottom. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** How a raster comes onto a canvas. */
export type PutRaster = (context: CanvasContext, mark: RasterMark) => void;

/**
 * Draws a figure.
 *
 * @param context The canvas, scaled so that its unit is the point.
 */
export function drawFigure(
  context: CanvasContext,
  { marks, width, height }: Figure,
  putRaster: PutRaster,
): void {
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  for (const mark of marks) {
    if (mark.kind === "raster") putRaster(context, mark);
    else drawMark(context, mark);
  }
}

/** Where a raster is on the grid of a picture's pixels, in pixels. */
export function placeRaster({ box }: RasterMark, pixelsPerPoint: number): Box {
  const x = Math.round(box.x * pixelsPerPoint);
  const y = Math.round(box.y * pixelsPerPoint);
  const width = Math.max(1, Math.round((box.x + box.width) * pixelsPerPoint) - x);
  const height = Math.max(1, Math.round((box.y + box.height) * pixelsPerPoint) - y);
  return { x, y, width, height };
}

/** Paints a raster on the grid of a picture's pixels. */
export function paintRaster(mark: RasterMark, pixelsPerPoint: number): PixelBox {
  const place = placeRaster(mark, pixelsPerPoint);
  return { ...place, pixels: mark.paint(place.width, place.height) };
}

/** Pixels as a canvas of their own. */
export function pixelCanvas({ width, height, pixels }: Omit<PixelBox, "x" | "y">): Canvas {
  const canvas = skia.createCanvas(width, height);
  canvas.getContext("2d").putImageData(new skia.ImageData(pixels, width, height), 0, 0);
  return canvas;
}

function drawMark(context: CanvasContext, mark: Exclude<Mark, RasterMark>): void {
  switch (mark.kind) {
    case "rectangle":
      return drawRectangle(context, mark);
    case "line":
      return drawLine(context, mark);
    case "polygon":
      return drawPolygon(context, mark);
    case "text":
      return drawText(context, mark);
  }
}

function drawRectangle(context: CanvasContext, mark: RectangleMark): void {
  const { box: { x, y, width, height }, fill, stroke, strokeWidth = 1 } = mark;
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fillRect(x, y, width, height);
  }
  if (stroke !== undefined) {
    context.strokeStyle = stroke;
    context.lineWidth = strokeWidth;
    context.strokeRect(x, y, width, height);
  }
}

function drawLine(context: CanvasContext, { from, to, color, width }: LineMark): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

function drawPolygon(context: CanvasContext, mark: PolygonMark): void {
  const { points, fill, stroke, strokeWidth } = mark;
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.closePath();
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = stroke;
  context.lineWidth = strokeWidth;
  context.stroke();
}

function drawText(context: CanvasContext, mark: TextMark): void {
  const { text, x, y, align, color, turned } = mark;
  setFont(context, mark, familiesOf(text));
  context.fillStyle = color;
  context.textAlign = ({ start: "left", middle: "center", end: "right" } as const)[align];
  context.textBaseline = "alphabetic";
  if (!turned) return context.fillText(text, x, y);
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.fillText(text, 0, 0);
  context.restore();
}
