/**
 * Figures as SVG, with real text.
 *
 * Skia writes SVG, too, but places each letter by a list that ends with a comma, which is not
 * valid and which not every browser forgives; and a figure is a list of marks already.
 *
 * @module
 */
import { FONT_FAMILY } from "../canvas.ts";
import { paintRaster, pixelCanvas } from "../draw.ts";
import {
  type Figure,
  type Mark,
  POINTS_PER_INCH,
  type RasterMark,
  type TextMark,
} from "../figure.ts";
import { printable, textWidth } from "../text.ts";

/** Faces that look alike, for readers who lack ours. */
const FONTS = `${FONT_FAMILY}, Bitstream Vera Sans, Verdana, sans-serif`;

/**
 * Draws a figure as SVG.
 *
 * @param dpi The resolution of its heatmaps in pixels an inch.
 */
export async function toSvg(figure: Figure, dpi: number): Promise<string> {
  const { width, height, title, marks } = figure;
  const drawn = await Promise.all(marks.map((mark) => drawMark(mark, dpi / POINTS_PER_INCH)));
  const size = attributes({
    width: `${figureNumber(width / POINTS_PER_INCH)}in`,
    height: `${figureNumber(height / POINTS_PER_INCH)}in`,
    viewBox: `0 0 ${figureNumber(width)} ${figureNumber(height)}`,
    "font-family": FONTS,
  });
  return [
    // The prefix is what readers of SVG before its second version know.
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"' +
    `${size}>`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

async function drawMark(mark: Mark, pixelsPerPoint: number): Promise<string> {
  switch (mark.kind) {
    case "rectangle": {
      const { box, fill = "none", stroke = "none", strokeWidth = 1 } = mark;
      return element("rect", { ...box, fill, stroke, "stroke-width": strokeWidth });
    }
    case "line": {
      const { from: [x1, y1], to: [x2, y2], color, width } = mark;
      return element("line", { x1, y1, x2, y2, stroke: color, "stroke-width": width });
    }
    case "polygon": {
      const { fill, stroke, strokeWidth } = mark;
      const points = mark.points.map((point) => point.map(figureNumber).join(",")).join(" ");
      return element("polygon", { points, fill, stroke, "stroke-width": strokeWidth });
    }
    case "text":
      return drawText(mark);
    case "raster":
      return await drawRaster(mark, pixelsPerPoint);
  }
}

/** Its length is given, too, so that it keeps its place in another font. */
function drawText({ text, x, y, align, size, weight, color, turned }: TextMark): string {
  return element("text", {
    x,
    y,
    ...(turned && { transform: `rotate(-90 ${figureNumber(x)} ${figureNumber(y)})` }),
    "font-size": size,
    ...(weight === "bold" && { "font-weight": "bold" }),
    ...(align !== "start" && { "text-anchor": align }),
    ...((text.length > 1 || text > "~") && {
      textLength: textWidth(text, { size, weight }),
      lengthAdjust: "spacingAndGlyphs",
    }),
    fill: color,
  }, escaped(text));
}

async function drawRaster(mark: RasterMark, pixelsPerPoint: number): Promise<string> {
  const painted = paintRaster(mark, pixelsPerPoint);
  const png = await pixelCanvas(painted).encode("png");
  return element("image", {
    x: painted.x / pixelsPerPoint,
    y: painted.y / pixelsPerPoint,
    width: painted.width / pixelsPerPoint,
    height: painted.height / pixelsPerPoint,
    preserveAspectRatio: "none",
    "image-rendering": "pixelated",
    "xlink:href": `data:image/png;base64,${png.toString("base64")}`,
  });
}

function element(
  name: string,
  values: Record<string, string | number>,
  content?: string,
): string {
  const start = `<${name}${attributes(values)}`;
  return content === undefined ? `${start}/>` : `${start}>${content}</${name}>`;
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values).map(([name, value]) =>
    ` ${name}="${typeof value === "number" ? figureNumber(value) : escaped(value)}"`
  ).join("");
}

/** A thousandth of a point is finer than any printer. */
function figureNumber(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** Text as XML holds it. */
function escaped(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return printable(text).replaceAll(/[&<>"]/g, (character) => entities[character]!);
}
