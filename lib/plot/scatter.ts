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
      const bytes = new Uint8ClampedArray(4 * width * height);
      const pixels = { bytes, words: new Uint32Array(bytes.buffer), width, height };
      const scale = { x: width / box.width, y: height / box.height };
      const paints = colors.map(paintOf);
      for (let dot = 0; dot < inks.length; dot++) {
        const x = (places[2 * dot]! - box.x) * scale.x;
        const y = (places[2 * dot + 1]! - box.y) * scale.y;
        paintDot(pixels, { x, y, radius: radius * scale.x }, paints[inks[dot]!]!);
      }
      return bytes;
    },
  };
}

/** The pixels of a box; `words` is the same memory, a pixel an element. */
interface Pixels {
  readonly bytes: Uint8ClampedArray;
  readonly words: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** A colour, and the same as an element of {@linkcode Pixels.words}, opaque. */
interface Paint {
  readonly color: Ink;
  readonly word: number;
}

function paintOf(color: Ink): Paint {
  const [word] = new Uint32Array(new Uint8Array([...color, 255]).buffer);
  return { color, word: word! };
}

/** Paints a dot over what is there; at its edge a pixel takes as much of it as it covers, about. */
function paintDot(
  pixels: Pixels,
  { x, y, radius }: { x: number; y: number; radius: number },
  { color, word }: Paint,
): void {
  const { words, width, height } = pixels;
  const reach = radius + 0.5;
  const solid = radius - 0.5; // pixels as near as that are covered wholly
  const [farSquare, nearSquare] = [reach * reach, solid < 0 ? -1 : solid * solid];
  const left = Math.max(0, Math.floor(x - reach));
  const right = Math.min(width - 1, x + reach);
  const top = Math.max(0, Math.floor(y - reach));
  const bottom = Math.min(height - 1, y + reach);
  for (let row = top; row <= bottom; row++) {
    const down = row + 0.5 - y;
    for (let column = left; column <= right; column++) {
      const at = row * width + column;
      if (words[at] === word) continue; // mostly: dots lie upon each other
      const across = column + 0.5 - x;
      const square = across * across + down * down;
      if (square >= farSquare) continue;
      if (square <= nearSquare) words[at] = word;
      else blend(pixels.bytes, 4 * at, color, reach - Math.sqrt(square));
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
  const under = pixels[at + 3]! / 255 * (1 - alpha);
  const whole = alpha + under;
  pixels[at] = (alpha * color[0] + under * pixels[at]!) / whole;
  pixels[at + 1] = (alpha * color[1] + under * pixels[at + 1]!) / whole;
  pixels[at + 2] = (alpha * color[2] + under * pixels[at + 2]!) / whole;
  pixels[at + 3] = 255 * whole;
}
