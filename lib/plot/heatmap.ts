/**
 * A matrix as coloured cells. No cell is lost: where several share a pixel, the strongest is drawn.
 *
 * @module
 */
import type { Box } from "./box.ts";
import { COLORS } from "./color_map.ts";
import { colorIndex, type ColorScale, strength } from "./color_scale.ts";
import type { RasterMark } from "./figure.ts";

/** A matrix, or some of its columns. */
export interface MatrixView {
  /** The values of the whole matrix, rows first. */
  readonly values: Float32Array | Float64Array;
  /** How many rows there are. */
  readonly rows: number;
  /** How many columns the whole matrix has. */
  readonly stride: number;
  /** The columns that are meant, in the order in which they are meant. */
  readonly columns: readonly number[] | Range;
}

/** Columns next to each other. */
export interface Range {
  /** The first. */
  readonly start: number;
  /** The one after the last. */
  readonly end: number;
}

/** How many columns a view has. */
export function columnCount({ columns }: MatrixView): number {
  return "start" in columns ? columns.end - columns.start : columns.length;
}

/** The value in a row and a column of a view. */
export function valueAt({ values, stride, columns }: MatrixView, row: number, i: number): number {
  return values[row * stride + ("start" in columns ? columns.start + i : columns[i]!)]!;
}

/** The values of a view, rows first. */
export function viewValues(view: MatrixView): Float64Array {
  const columns = columnCount(view);
  return Float64Array.from(
    { length: view.rows * columns },
    (_, i) => valueAt(view, Math.floor(i / columns), i % columns),
  );
}

/** A matrix as pixels, painted for any resolution. */
export function heatmap(view: MatrixView, scale: ColorScale, box: Box): RasterMark {
  return {
    kind: "raster",
    box,
    rows: view.rows,
    paint: (width, height) => paintHeatmap(view, scale, { width, height }),
  };
}

/** One colour, on whole pixels and at least on one: a thin line that no resolution washes out. */
export function solid(box: Box, [red, green, blue]: readonly [number, number, number]): RasterMark {
  return {
    kind: "raster",
    box,
    rows: 1,
    paint: (width, height) => {
      const pixels = new Uint8ClampedArray(4 * width * height);
      for (let i = 0; i < pixels.length; i += 4) pixels.set([red, green, blue, 255], i);
      return pixels;
    },
  };
}

/**
 * Paints a matrix.
 *
 * @returns RGBA, rows from top to bottom.
 */
export function paintHeatmap(
  view: MatrixView,
  scale: ColorScale,
  { width, height }: { width: number; height: number },
): Uint8ClampedArray<ArrayBuffer> {
  const colors = opaqueColors(scale);
  const pixels = new Uint32Array(width * height);
  const columns = shareOut(columnCount(view), width);
  const rows = shareOut(view.rows, height);
  rows.forEach((cells, y) => {
    const before = rows[y - 1];
    if (before?.start === cells.start && before.end === cells.end) {
      pixels.copyWithin(y * width, (y - 1) * width, y * width);
      return;
    }
    for (let x = 0; x < width; x++) {
      pixels[y * width + x] =
        colors[colorIndex(scale, strongest(view, scale, cells, columns[x]!))]!;
    }
  });
  return new Uint8ClampedArray(pixels.buffer);
}

/**
 * The cells of each pixel along a side. With more pixels than cells, a pixel shows the cell at its
 * middle; with fewer, all the cells that it covers, if only in part.
 */
export function shareOut(cells: number, pixels: number): Range[] {
  return Array.from({ length: pixels }, (_, pixel) => {
    if (cells <= pixels) {
      const start = Math.floor((pixel + 0.5) * cells / pixels);
      return { start, end: start + 1 };
    }
    return {
      start: Math.floor(pixel * cells / pixels),
      end: Math.ceil((pixel + 1) * cells / pixels),
    };
  });
}

function strongest(view: MatrixView, scale: ColorScale, rows: Range, columns: Range): number {
  let found = valueAt(view, rows.start, columns.start);
  for (let row = rows.start; row < rows.end; row++) {
    for (let column = columns.start; column < columns.end; column++) {
      const value = valueAt(view, row, column);
      if (strength(scale, value) > strength(scale, found)) found = value;
    }
  }
  return found;
}

/** The map's colours as pixels, whose first byte is red on any machine. */
function opaqueColors({ map: { colors } }: ColorScale): Uint32Array {
  const bytes = new Uint8Array(4 * COLORS);
  for (let i = 0; i < COLORS; i++) {
    bytes.set(colors.subarray(3 * i, 3 * i + 3), 4 * i);
    bytes[4 * i + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}
