/**
 * Many dots, painted as pixels: ten thousand of them as marks of their own would make a file that
 * nobody opens.
 *
 * @module
 */
import type { Box } from "./box.ts";
import { POINTS_PER_INCH, type RasterMark } from "./figure.ts";

/** A colour: red, green and blue of 0 to 255. */
export type Ink = readonly [number, number, number];

/** Dots of one size. */
export interface Dots {
  /** Where each is on the page, from left to right and from top to bottom, in points: `[dots, 2]`. */
  readonly places: Float64Array;
  /** The colour of each, as a position in `colors`. */
  readonly inks: Uint8Array;
  /** Their colours. */
  readonly colors: readonly Ink[];
  /** Their radius in points. */
  readonly radius: number;
}

/** Dots in a box, the last on top. What lies outside the box is cut off. */
export function scatter({ places, inks, colors, radius }: Dots, box: Box): RasterMark {
  return {
    kind: "raster",
    box,
    rows: Math.ceil(box.height) * POINTS_PER_INCH, // each row of pixels differs
    paint: (width, height) => {
      const pixels = new Uint8ClampedArray(4 * width * height);
      const scale = { x: width / box.width, y: height / box.height };
      inks.forEach((ink, dot) => {
        const x = (places[2 * dot]! - box.x) * scale.x;
        const y = (places[2 * dot + 1]! - box.y) * scale.y;
        paintDot(pixels, { width, height }, {
          x,
          y,
          radius: radius * scale.x,
          color: colors[ink]!,
        });
      });
      return pixels;
    },
  };
}

/** Paints a dot over what is there; at its edge a pixel takes as much of it as it covers, about. */
function paintDot(
  pixels: Uint8ClampedArray,
  { width, height }: { width: number; height: number },
  { x, y, radius, color }: { x: number; y: number; radius: number; color: Ink },
): void {
  const reach = radius + 0.5;
  const solid = radius - 0.5; // pixels as near as that are covered wholly
  const [farSquare, nearSquare] = [reach * reach, solid < 0 ? -1 : solid * solid];
  const [left, right] = [Math.max(0, Math.floor(x - reach)), Math.min(width - 1, x + reach)];
  const [top, bottom] = [Math.max(0, Math.floor(y - reach)), Math.min(height - 1, y + reach)];
  for (let row = top; row <= bottom; row++) {
    const down = row + 0.5 - y;
    for (let column = left; column <= right; column++) {
      const across = column + 0.5 - x;
      const square = across * across + down * down;
      if (square >= farSquare) continue;
      const covered = square <= nearSquare ? 1 : reach - Math.sqrt(square);
      blend(pixels, 4 * (row * width + column), color, covered);
    }
  }
}

/** Lays a colour over a pixel that may be transparent still. */
function blend(
  pixels: Uint8ClampedArray,
  at: number,
  color: Ink,
  alpha: number,
): void {
  const [red, green, blue] = color;
  const isThere = pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue &&
    pixels[at + 3] === 255;
  if (isThere) return; // mostly: dots lie upon each other
  const under = pixels[at + 3]! / 255 * (1 - alpha);
  const whole = alpha + under;
  pixels[at] = (alpha * red + under * pixels[at]!) / whole;
  pixels[at + 1] = (alpha * green + under * pixels[at + 1]!) / whole;
  pixels[at + 2] = (alpha * blue + under * pixels[at + 2]!) / whole;
  pixels[at + 3] = 255 * whole;
}
