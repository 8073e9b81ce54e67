/** All formats of a figure: what they hold, and that they hold the same. */
import assert from "node:assert/strict";
import { encodeFigure, greatestDpi } from "../../lib/plot/encode.ts";
import { PICTURE_FORMATS } from "../../lib/plot/names.ts";
import { denseActivation } from "../../lib/pictures/dense_activation.ts";
import { relationSlots } from "../../lib/pictures/relation_slots.ts";
import { decode, rasterBoxes, wordsOf } from "../support/figures.ts";
import { layerPicture, noise } from "../support/layer_pictures.ts";

const NAMES = ["Affiliation & <Office>", '"Quoted"', "Birth\u0007Date"];
const picture = layerPicture(noise, { relations: NAMES });
const figure = relationSlots(picture);

for (const format of PICTURE_FORMATS) {
  Deno.test(`encodeFigure() makes the same ${format} each time`, async () => {
    const options = { format, dpi: 60 };
    const again = relationSlots(layerPicture(noise, { relations: NAMES }));
    assert.deepEqual(await encodeFigure(again, options), await encodeFigure(figure, options));
  });
}

Deno.test("encodeFigure() makes a PNG of the resolution asked for, which says so", async () => {
  const png = await encodeFigure(figure, { format: "png", dpi: 100 }) as Uint8Array;
  const view = new DataView(png.buffer, png.byteOffset);
  assert.deepEqual([view.getUint32(16), view.getUint32(20)], [800, 600]);
  const chunk = new TextDecoder("latin1").decode(png).indexOf("pHYs");
  assert.deepEqual([view.getUint32(chunk + 4), view.getUint32(chunk + 8)], [3937, 3937]);
  assert.equal(png[chunk + 12], 1, "the unit is the metre");
});

Deno.test("encodeFigure() makes an SVG whose text is text, and stands where the PNG's does", async () => {
  const svg = await encodeFigure(figure, { format: "svg", dpi: 72 }) as string;
  const written = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, content]) => content!);
  assert.equal(written.length, wordsOf(figure).length);
  assert(written.includes("Affiliation &amp; &lt;Office&gt;"));
  assert(written.includes("&quot;Quoted&quot;"));
  assert(!/\p{Cc}/u.test(svg.replaceAll("\n", "")), "no control character");
  assert.match(svg, /^<svg [^>]*width="8in" height="6in" viewBox="0 0 576 432"/);
});

Deno.test("encodeFigure() puts the PNG's heatmaps into the SVG, at their places", async () => {
  const dpi = 144;
  const points = (pixels: number) => pixels * 72 / dpi;
  const dense = denseActivation(layerPicture(noise, { free: 60 }));
  const png = await decode(await encodeFigure(dense, { format: "png", dpi }), dpi);
  const svg = await encodeFigure(dense, { format: "svg", dpi }) as string;
  const images = [...svg.matchAll(
    /<image x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" .* xlink:href="data:image\/png;base64,([^"]+)"\/>/g,
  )];
  const boxes = rasterBoxes(dense);
  assert.equal(images.length, boxes.length);
  for (const [i, [, x, y, width, height, base64]] of images.entries()) {
    const [left, top] = [Number(x), Number(y)];
    assert(Math.abs(left - boxes[i]!.x) <= points(0.51) && Math.abs(top - boxes[i]!.y) <= 0.26);
    const image = await decode(Uint8Array.fromBase64(base64!), dpi);
    assert.deepEqual([Number(width), Number(height)], [points(image.width), points(image.height)]);
    const corners = [[0, 0], [image.width - 1, image.height - 1], [3, 5]] as const;
    for (const [column, row] of corners) {
      const [dx, dy] = [points(column + 0.5), points(row + 0.5)];
      assert.equal(image.at(dx, dy), png.at(left + dx, top + dy));
    }
  }
});

Deno.test("encodeFigure() makes a PDF of one page with embedded fonts, whose text can be searched", async () => {
  const pdf = await encodeFigure(figure, { format: "pdf", dpi: 72 }) as Uint8Array;
  const content = new TextDecoder("latin1").decode(pdf);
  assert.match(content, /^%PDF-1\./);
  assert.match(content, /\/MediaBox \[0 0 576 432\]/);
  assert.match(content, /\/FontName \/\w+\+DejaVuSans\b/);
  assert.match(content, /\/FontName \/\w+\+DejaVuSans-Bold\b/);
  assert.match(content, /\/ToUnicode/);
  assert.equal(content.match(/\/Type \/Page\b/g)!.length, 1);
});

Deno.test("greatestDpi() is what the memory of a picture and the sides of a canvas allow", async () => {
  assert(greatestDpi({ ...figure, width: 24 * 72, height: 8 * 72 }) >= 600, "the dense picture");
  const huge = { ...figure, width: 200 * 72, height: 90 * 72, marks: [] };
  const dpi = greatestDpi(huge);
  assert(dpi > 50 && dpi < 100, String(dpi));
  const png = await encodeFigure({ ...huge, height: 72 }, { format: "png", dpi }) as Uint8Array;
  assert.equal(new DataView(png.buffer).getUint32(16), 200 * dpi);
});

Deno.test("encodeFigure() makes an SVG that XML allows, whatever names hold", async () => {
  const relations = ["a\ufffeb", "c\uffff\ud800d", "e\u0000\u001bf"];
  const title = { ...relationSlots(layerPicture(noise, { relations })), title: relations.join() };
  const svg = await encodeFigure(title, { format: "svg", dpi: 60 }) as string;
  assert(svg.isWellFormed());
  // Source: https://www.w3.org/TR/xml/#charsets
  assert.match(svg, /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
  assert(svg.includes(">a\ufffdb<"));
});

Deno.test("encodeFigure() gives each name in an SVG its width, in which other fonts must fit", async () => {
  const relations = ["出生城市", "京", "नियोक्ता"];
  const svg = await encodeFigure(relationSlots(layerPicture(noise, { relations })), {
    format: "svg",
    dpi: 60,
  }) as string;
  for (const [name, letters] of [["出生城市", 4], ["京", 1]] as const) {
    const [, size, length] = new RegExp(
      `font-size="([\\d.]+)"[^>]* textLength="([\\d.]+)"[^>]*>${name}<`,
    ).exec(svg)!;
    assert(Math.abs(Number(length) - letters * Number(size)) < 0.3, name);
  }
  assert.match(svg, /textLength="[\d.]+"[^>]*>नियोक्ता</);
});
