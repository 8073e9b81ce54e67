/**
 * A figure as data: marks at places, in points, from back to front. Pictures make figures, formats
 * draw them, and tests look into them.
 *
 * @module
 */
import type { Box } from "./box.ts";

/** Points in an inch. */
export const POINTS_PER_INCH = 72;

/** The colours of text and lines. */
export const INK = {
  /** Titles, labels, axes. */
  text: "#000000",
  /** Captions. */
  caption: "#555555",
} as const;

/** A picture, ready to be drawn. */
export interface Figure {
  /** What it shows, in one line, for readers who cannot see it. */
  readonly title: string;
  /** Its width in points. */
  readonly width: number;
  /** Its height in points. */
  readonly height: number;
  /** What is on it, from back to front. */
  readonly marks: readonly Mark[];
}

/** Something drawn. */
export type Mark = RectangleMark | LineMark | PolygonMark | TextMark | RasterMark;

/** A rectangle's outline, a surface, or both. */
export interface RectangleMark {
  /** Which mark this is. */
  readonly kind: "rectangle";
  /** Where it is. */
  readonly box: Box;
  /** The colour of its surface; none if missing. */
  readonly fill?: string;
  /** The colour of its outline; none if missing. */
  readonly stroke?: string;
  /** How thick the outline is, in points. */
  readonly strokeWidth?: number;
}

/** A straight line. */
export interface LineMark {
  /** Which mark this is. */
  readonly kind: "line";
  /** Where it starts. */
  readonly from: readonly [x: number, y: number];
  /** Where it ends. */
  readonly to: readonly [x: number, y: number];
  /** Its colour. */
  readonly color: string;
  /** How thick it is, in points. */
  readonly width: number;
}

/** A filled and outlined polygon. */
export interface PolygonMark {
  /** Which mark this is. */
  readonly kind: "polygon";
  /** Its corners. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** The colour of its surface. */
  readonly fill: string;
  /** The colour of its outline. */
  readonly stroke: string;
  /** How thick the outline is, in points. */
  readonly strokeWidth: number;
}

/** One line of text. */
export interface TextMark {
  /** Which mark this is. */
  readonly kind: "text";
  /** The text. */
  readonly text: string;
  /** Where its start, middle or end is, along its direction. */
  readonly x: number;
  /** Where its baseline is; of turned text: where its start, middle or end is. */
  readonly y: number;
  /** Which part of it is there. */
  readonly align: "start" | "middle" | "end";
  /** The font's size in points. */
  readonly size: number;
  /** The font's weight. */
  readonly weight: "normal" | "bold";
  /** Its colour. */
  readonly color: string;
  /** Whether it runs upwards instead of to the right. */
  readonly turned: boolean;
}

/** Pixels, painted for the resolution of the picture, whatever that is. */
export interface RasterMark {
  /** Which mark this is. */
  readonly kind: "raster";
  /** Where they are. */
  readonly box: Box;
  /** How many rows of cells there are: as many rows of pixels, stretched, look the same. */
  readonly rows: number;
  /** Paints them: RGBA, rows from top to bottom. */
  readonly paint: (width: number, height: number) => Uint8ClampedArray<ArrayBuffer>;
}
