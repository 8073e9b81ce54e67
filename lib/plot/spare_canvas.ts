/**
 * The canvas of a picture, which the next picture is drawn on, too. Where several threads draw, one of its own
 * for each picture takes as long as drawing: the operating system hands its memory out page by page, and takes
 * it back, for one thread of a process after the other.
 *
 * @module
 */
import { type Canvas, type CanvasContext, skia } from "./canvas.ts";

/** A larger canvas is not kept, in bytes: that of the usual heatmap, 4,800 × 1,600 pixels, is. */
const MOST_BYTES = 32 * 2 ** 20;
/** The bytes of a pixel. */
const PIXEL = 4;

/** The canvas that nobody draws on. */
let spare: Canvas | undefined;

/** What a picture is drawn on. */
export interface PictureCanvas {
  /**
   * Draws, a pixel being its unit. The canvas may be larger than the picture, which begins at its first pixel;
   * all of it is transparent.
   */
  readonly context: CanvasContext;
  /** Leaves the canvas to the next picture. It is not to be called if drawing failed. */
  readonly give: () => void;
}

/**
 * A canvas for a picture.
 *
 * @param width How many pixels a row has.
 * @param height How many rows there are.
 */
export function takeCanvas(width: number, height: number): PictureCanvas {
  const fits = spare !== undefined && spare.width >= width && spare.height >= height;
  const canvas = fits ? spare! : skia.createCanvas(width, height);
  spare = undefined; // also where it is too small: two of them would be in memory
  const context = canvas.getContext("2d");
  context.reset(); // to clear it would copy what is there first
  const give = () => {
    if (PIXEL * canvas.width * canvas.height <= MOST_BYTES) spare = canvas;
  };
  return { context, give };
}
