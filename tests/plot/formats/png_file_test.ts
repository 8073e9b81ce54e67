/** What is written as PNG, and read by a decoder that is not ours. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { skia } from "../../../lib/plot/canvas.ts";
import { encodePng } from "../../../lib/plot/formats/png_file.ts";

/** Pixels by number: RGBA, opaque. */
function pixelsOf(colours: readonly number[]): Uint8ClampedArray<ArrayBuffer> {
  const pixels = Uint32Array.from(colours, (colour) => (colour | 0xff000000) >>> 0);
  return new Uint8ClampedArray(pixels.buffer);
}

async function encode(pixels: Uint8ClampedArray, width: number): Promise<Uint8Array> {
  const height = pixels.length / (4 * width);
  return await encodePng(
    { width, height, dpi: 100 },
    (first, count) => pixels.slice(4 * width * first, 4 * width * (first + count)),
  );
}

/** What Skia reads. */
async function decoded(png: Uint8Array): Promise<Uint8ClampedArray> {
  const image = await skia.loadImage(png);
  const context = skia.createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height).data;
}

Deno.test("encodePng() keeps every pixel, however rows are like the ones above", async () => {
  const colour = fc.integer({ min: 0, max: 0xffffff });
  const picture = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 }))
    .chain(([width, height]) => {
      const first = fc.array(colour, { minLength: width, maxLength: width });
      // Each further row is the one above but for a few pixels, or another one.
      const change = fc.array(fc.tuple(fc.nat(width - 1), colour), { maxLength: 3 });
      const rows = fc.array(fc.oneof(change, first), { minLength: height - 1, maxLength: height });
      return fc.record({ width: fc.constant(width), first, rows });
    });
  await fc.assert(fc.asyncProperty(picture, async ({ width, first, rows }) => {
    const all = [first];
    for (const row of rows) {
      const own = [...all.at(-1)!];
      row.forEach((change, i) => {
        if (typeof change === "number") own[i] = change;
        else own[change[0]] = change[1];
      });
      all.push(own);
    }
    const pixels = pixelsOf(all.flat());
    assert.deepEqual(await decoded(await encode(pixels, width)), pixels);
  }));
});

Deno.test("encodePng() keeps the pixels of a picture that is read in several pieces", async () => {
  const [width, height] = [4096, 130]; // 64 rows a piece
  const pixels = pixelsOf(Array.from({ length: width * height }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return row % 5 === 0 ? (i * 2654435761) & 0xffffff : column >> 4;
  }));
  const found = await decoded(await encode(pixels, width));
  assert(Buffer.compare(Buffer.from(found.buffer), Buffer.from(pixels.buffer)) === 0);
});

Deno.test("encodePng() makes several pictures at a time as one after the other", async () => {
  const pictures = [[3000, 200], [5, 7], [1201, 300]].map(([width, height], i) => ({
    width: width!,
    pixels: pixelsOf(Array.from({ length: width! * height! }, (_, at) => at * (i + 7) & 0xff00ff)),
  }));
  const together = await Promise.all(pictures.map(({ width, pixels }) => encode(pixels, width)));
  for (const [i, { width, pixels }] of pictures.entries()) {
    assert.deepEqual(together[i], await encode(pixels, width));
    assert.deepEqual(await decoded(together[i]!), pixels);
  }
});

Deno.test("encodePng() refuses rows that are not those asked for", async () => {
  const picture = { width: 3, height: 2, dpi: 100 };
  await assert.rejects(encodePng(picture, () => pixelsOf([1, 2, 3])), RangeError);
});

Deno.test("encodePng() makes less of a picture with text than Skia's encoder", async () => {
  const canvas = skia.createCanvas(800, 600);
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, 800, 600);
  context.fillStyle = "#204080";
  for (let i = 0; i < 20; i++) context.fillRect(20 + 35 * i, 100, 30, 17 * i);
  context.font = "20px DejaVu Sans";
  context.fillText("hidden states of layer 6", 100, 60);
  const png = await encodePng(
    { width: 800, height: 600, dpi: 100 },
    (first, count) => context.getImageData(0, first, 800, count).data,
  );
  const skias = await canvas.encode("png");
  assert(png.length < skias.length, `${png.length} of ${skias.length}`);
});
