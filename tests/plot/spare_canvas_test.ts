/** What a picture leaves of itself on the next one: nothing. */
import assert from "node:assert/strict";
import type { Figure, Mark } from "../../lib/plot/figure.ts";
import { toPng } from "../../lib/plot/formats/png.ts";
import { takeCanvas } from "../../lib/plot/spare_canvas.ts";

const DPI = 100;

/** A page in one colour, a word in the bold font upon it. */
function page(width: number, height: number, color: string): Figure {
  const marks: Mark[] = [
    { kind: "rectangle", box: { x: 0, y: 0, width, height }, fill: color },
    {
      kind: "text",
      text: "layer",
      x: 5,
      y: 20,
      size: 12,
      weight: "bold",
      align: "start",
      color: "#112233",
      turned: false,
    },
  ];
  return { title: "page", width, height, marks };
}

/** Its edges lie within pixels: 40.5 pixels by 30.3, of which 41 and 30 are drawn. */
const small: Figure = { title: "small", width: 29.16, height: 21.8, marks: [] };

Deno.test("toPng() draws a picture after another as it draws it first", async () => {
  const first = await toPng(small, DPI);
  await toPng(page(300, 200, "#000000"), DPI);
  assert.deepEqual(await toPng(small, DPI), first);
});

Deno.test("toPng() draws two pictures at a time as it draws each by itself", async () => {
  const figures = [page(300, 200, "#aa0000"), page(200, 300, "#00aa00")];
  const alone = [await toPng(figures[0]!, DPI), await toPng(figures[1]!, DPI)];
  assert.deepEqual(await Promise.all(figures.map((figure) => toPng(figure, DPI))), alone);
});

Deno.test("toPng() draws as ever after a picture that could not be drawn", async () => {
  const alone = await toPng(small, DPI);
  const box = { x: 0, y: 0, width: 20, height: 20 };
  const paint = () => {
    throw new RangeError("no pixels");
  };
  const broken: Figure = { ...small, marks: [{ kind: "raster", box, rows: 2, paint }] };
  await assert.rejects(toPng(broken, DPI), /no pixels/);
  assert.deepEqual(await toPng(small, DPI), alone);
});

Deno.test("takeCanvas() gives a canvas again that is large enough, but for very large ones", () => {
  const take = (width: number, height: number) => {
    const { context, give } = takeCanvas(width, height);
    give();
    return context.canvas;
  };
  const usual = take(400, 300);
  assert.equal(take(400, 300), usual);
  assert.equal(take(10, 300), usual);
  assert.notEqual(take(401, 10), usual);
  const large = take(4_000, 2_100); // 33.6 MB
  assert.notEqual(take(10, 10), large);
});
