/** Looks into figures as their reader would: what stands where, what is upon what. */
import assert from "node:assert/strict";
import { type Box, contains, overlap } from "../../lib/plot/box.ts";
import { skia } from "../../lib/plot/canvas.ts";
import { toPng } from "../../lib/plot/formats/png.ts";
import { type Figure, POINTS_PER_INCH, type TextMark } from "../../lib/plot/figure.ts";
import { textBox } from "../../lib/plot/text.ts";

/** The lines of text of a figure. */
export function textsOf({ marks }: Figure): TextMark[] {
  return marks.filter((mark) => mark.kind === "text");
}

/** The texts of a figure, as strings. */
export function wordsOf(figure: Figure): string[] {
  return textsOf(figure).map(({ text }) => text);
}

/** The line of text that is just this. */
export function findText(figure: Figure, content: string): TextMark {
  const found = textsOf(figure).filter(({ text }) => text === content);
  assert.equal(found.length, 1, `"${content}" is there ${found.length} times`);
  return found[0]!;
}

/**
 * Fails if text is clipped by the page, stands upon other text, is too small to be read, or runs
 * over the edge of a heatmap or a colour bar.
 */
export function assertLegible(figure: Figure): void {
  const page = { x: 0, y: 0, width: figure.width, height: figure.height };
  const rasters = rasterBoxes(figure);
  const texts = textsOf(figure).map((mark) => ({ mark, box: textBox(mark) }))
    .sort((a, b) => a.box.x - b.box.x);
  texts.forEach(({ mark, box }, i) => {
    const fail = (what: string) => assert.fail(`"${mark.text}" ${what}`);
    if (!contains(page, box)) fail("is clipped by the page");
    if (!(mark.size >= 4.5)) fail(`is printed in ${mark.size} points`);
    if (mark.text.trim() === "") fail("is a blank text");
    for (const raster of rasters) {
      const isApart = !overlap(box, raster, mark.size / 20) || contains(raster, box);
      if (!isApart) fail("runs over the edge of a heatmap");
    }
    for (let j = i + 1; j < texts.length && texts[j]!.box.x < box.x + box.width; j++) {
      const other = texts[j]!;
      // Boxes have room for accents and tails; a twentieth of a size is no ink.
      const touching = overlap(box, other.box, mark.size / 20);
      if (touching) fail(`stands upon "${other.mark.text}"`);
    }
  });
}

/** The heatmaps' boxes, in the order in which they are drawn; colour bars come among them. */
export function rasterBoxes({ marks }: Figure): Box[] {
  return marks.filter((mark) => mark.kind === "raster").map(({ box }) => box);
}

/** A picture as its pixels. */
export interface Pixels {
  /** Its width. */
  width: number;
  /** Its height. */
  height: number;
  /** The colour at a place in points, as `#rrggbb`. */
  at: (x: number, y: number) => string;
  /** RGBA, rows from top to bottom. */
  data: Uint8ClampedArray;
}

/** The pixels of an image file. */
export async function decode(image: Uint8Array | string, dpi: number): Promise<Pixels> {
  const bytes = typeof image === "string" ? new TextEncoder().encode(image) : image;
  const loaded = await skia.loadImage(bytes);
  const { width, height } = loaded;
  const context = skia.createCanvas(width, height).getContext("2d");
  context.drawImage(loaded, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const at = (x: number, y: number) => {
    const [column, row] = [x, y].map((points) => Math.floor(points * dpi / POINTS_PER_INCH));
    const start = 4 * (row! * width + column!);
    const channels = [...data.subarray(start, start + 3)];
    return "#" + channels.map((level) => level.toString(16).padStart(2, "0")).join("");
  };
  return { width, height, at, data };
}

/** The pixels of a figure. */
export async function pixelsOf(figure: Figure, dpi: number): Promise<Pixels> {
  return await decode(await toPng(figure, dpi), dpi);
}

/** The middle of a cell of a heatmap, in points. */
export function cellCenter(
  box: Box,
  { row, column, rows, columns }: { row: number; column: number; rows: number; columns: number },
): [x: number, y: number] {
  return [
    box.x + (column + 0.5) * box.width / columns,
    box.y + (row + 0.5) * box.height / rows,
  ];
}
