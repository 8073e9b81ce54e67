/**
 * Many dots, painted as pixels: ten thousand of them as marks of their own would make a file that
 * nobody opens.
 *
 * @module
 */
import type { Box } from "./box.ts";
import { POINTS_PER_INCH, type RasterMark } from "./figure.ts";

/** A dot. */
export interface Dot {
  /** Where it is from left to right, in points on the page. */
  readonly x: number;
  /** Where it is from top to bottom. */
  readonly y: number;
  /** Its radius in points. */
  readonly radius: number;
  /** Its colour: red, green and blue of 0 to 255. */
  readonly color: readonly [number, number, number];
}

/** Dots in a box, the last on top. What lies outside the box is cut off. */
export function scatter(dots: readonly Dot[], box: Box): RasterMark {
  return {
    kind: "raster",
    box,
    rows: Math.ceil(box.height) * POINTS_PER_INCH, // each row of pixels differs
    paint: (width, height) => {
      const pixels = new Uint8ClampedArray(4 * width * height);
      const scale = { x: width / box.width, y: height / box.height };
      for (const { x, y, radius, color } of dots) {
        const at = { x: (x - box.x) * scale.x, y: (y - box.y) * scale.y };
        paintDot(pixels, { width, height }, { ...at, radius: radius * scale.x, color });
      }
      return pixels;
    },
  };
}

/** Paints a dot over what is there; at its edge a pixel takes as much of it as it covers, about. */
function paintDot(
  pixels: Uint8ClampedArray,
  { width, height }: { width: number; height: number },
  { x, y, radius, color }: Dot,
): void {
  const reach = radius + 0.5;
  const [left, right] = [Math.max(0, Math.floor(x - reach)), Math.min(width - 1, x + reach)];
  const [top, bottom] = [Math.max(0, Math.floor(y - reach)), Math.min(height - 1, y + reach)];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const covered = Math.min(1, reach - distance);
      if (covered > 0) blend(pixels, 4 * (row * width + column), color, covered);
    }
  }
}

/** Lays a colour over a pixel that may be transparent still. */
function blend(
  pixels: Uint8ClampedArray,
  at: number,
  color: readonly [number, number, number],
  alpha: number,
): void {
  const under = pixels[at + 3]! / 255 * (1 - alpha);
  const whole = alpha + under;
  for (let i = 0; i < 3; i++) {
    pixels[at + i] = (alpha * color[i]! + under * pixels[at + i]!) / whole;
  }
  pixels[at + 3] = 255 * whole;
}
