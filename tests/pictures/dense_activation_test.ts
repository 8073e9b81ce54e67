import assert from "node:assert/strict";
import { denseActivation } from "../../lib/pictures/dense_activation.ts";
import type { Box } from "../../lib/plot/box.ts";
import type { Figure } from "../../lib/plot/figure.ts";
import { textBox } from "../../lib/plot/text.ts";
import {
  assertLegible,
  cellCenter,
  findText,
  pixelsOf,
  rasterBoxes,
  textsOf,
  wordsOf,
} from "../support/figures.ts";
import { CAPTION, layerPicture, noise, RELATIONS } from "../support/layer_pictures.ts";

/** The boxes of the free features and of the slots; the colour bar's comes first. */
function strips(figure: Figure): { bar: Box; free: Box; slots: Box } {
  const [bar, free, slots] = rasterBoxes(figure);
  return { bar: bar!, free: free!, slots: slots! };
}

/** The boxes that are painted in nothing but the guide's cyan. */
function cyanLines({ marks }: Figure): Box[] {
  return marks.filter((mark) => mark.kind === "raster")
    .filter(({ paint }) => String(paint(2, 1)) === "0,255,255,255,0,255,255,255")
    .map(({ box }) => box);
}

Deno.test("denseActivation() is 24 by 8 inches, with the reference's title and labels", async () => {
  const figure = denseActivation(layerPicture(noise, { free: 10_000 }));
  assert.deepEqual([figure.width, figure.height], [24 * 72, 8 * 72]);
  const { width, height } = await pixelsOf(figure, 50);
  assert.deepEqual([width, height], [1200, 400]);
  const words = wordsOf(figure);
  for (
    const expected of [
      "Layer 6: Feature Activation by Queried Relation",
      "Supervised 1-to-1 SAE: 10,000 Free + 6 Relation Slots",
      "Queried Relation",
      "Feature Index",
      "(Free Features Start)",
      "(Relation Slots Start)",
      "(End)",
      ...RELATIONS,
      ...["0", "5000", "10000", "10005"],
    ]
  ) assert(words.includes(expected), expected);
  assert(words.some((line) => line.startsWith("Mean Activation")));
});

Deno.test("denseActivation() shows any single bright feature of 10,006, in the row of its relation", async () => {
  for (const feature of [0, 1, 1234, 4999, 9999, 10_000, 10_005]) {
    const picture = layerPicture(
      (row, column) => row === 2 && column === feature ? 1 : 0,
      { free: 10_000 },
    );
    const figure = denseActivation(picture, { reference: true });
    const { free, slots } = strips(figure);
    const isSlot = feature >= 10_000;
    const [x, y] = isSlot
      // Off the middle, where the slot's number is written.
      ? cellCenter(slots, { row: 8, column: feature - 10_000, rows: 24, columns: 6 })
      : cellCenter(free, { row: 2, column: feature, rows: 6, columns: 10_000 });
    const pixels = await pixelsOf(figure, 100);
    const near = [-0.72, 0, 0.72]; // a pixel: the heatmap lies on the grid of the pixels
    assert(near.some((d) => pixels.at(x + d, y) === "#ffffff"), `feature ${feature}`);
    const below = y + free.height / 6;
    assert(near.every((d) => pixels.at(x + d, below) !== "#ffffff"), "another relation's row");
  }
});

for (const dpi of [20, 21, 30, 200]) {
  Deno.test(`denseActivation() puts the guide's cyan line where the slots start, at ${dpi} dpi`, async () => {
    const figure = denseActivation(layerPicture(noise, { free: 10_000 }));
    const { free, slots } = strips(figure);
    const [line, ...others] = cyanLines(figure);
    assert.equal(others.length, 0);
    assert(line!.x >= free.x + free.width && line!.x + line!.width <= slots.x + 1e-9);
    assert.deepEqual([line!.y, line!.height], [free.y, free.height]);
    const pixels = await pixelsOf(figure, dpi);
    const middle = line!.x + line!.width / 2;
    const near = [-72 / dpi, 0, 72 / dpi].map((d) => pixels.at(middle + d, free.y + 40));
    assert(near.includes("#00ffff"), near.join());
  });
}

Deno.test("denseActivation() makes the slots wide enough to be read, and says so", () => {
  const picture = layerPicture(noise, { free: 10_000 });
  const figure = denseActivation(picture);
  const { free, slots } = strips(figure);
  assert(slots.width / 6 > 36, "half an inch a slot, about");
  const magnification = (slots.width / 6) / (free.width / 10_000);
  const caption = wordsOf(figure).join(" ");
  const [, said] = caption.match(/a relation slot is drawn ([\d,]+) times as wide/)!;
  assert(Math.abs(Number(said!.replace(",", "")) / magnification - 1) < 0.05);
  for (const row of [0, 5]) {
    const diagonal = picture.matrix[row * 10_006 + 10_000 + row]!.toFixed(2).replace("-", "−");
    assert(wordsOf(figure).includes(diagonal), `the number ${diagonal} of slot ${row}`);
  }
});

Deno.test("denseActivation() writes each slot's true number below it", () => {
  const figure = denseActivation(layerPicture(noise, { free: 10_000 }));
  const { slots } = strips(figure);
  for (let slot = 0; slot < 6; slot++) {
    const { x, width } = textBox(findText(figure, String(10_000 + slot)));
    const [middle] = cellCenter(slots, { row: 0, column: slot, rows: 6, columns: 6 });
    assert(Math.abs(x + width / 2 - middle) < 0.01);
  }
});

Deno.test("denseActivation() keeps one scale if the slots are wide enough anyway", () => {
  const figure = denseActivation(layerPicture(noise, { free: 4 }));
  const { free, slots } = strips(figure);
  assert(Math.abs(free.width / 4 - slots.width / 6) < 0.01);
  assert(!wordsOf(figure).join(" ").includes("times as wide"));
  assert.equal(cyanLines(figure).length, 1);
});

Deno.test("denseActivation() in AlignSAE's colours says that negative values look like zero, and how many", () => {
  const figure = denseActivation(
    layerPicture((_, column) => column % 4 === 0 ? -2 : 1, {
      free: 34,
      slots: 6,
    }),
    { reference: true },
  );
  const words = wordsOf(figure);
  assert(words.includes("≤ 0.0"));
  assert(words.some((line) => line.includes("less than 0.0 is drawn as 0.0; least: −2")));
  const caption = words.join(" ");
  assert(caption.includes("colours as in AlignSAE's script"));
  assert(caption.includes("60 of 240 values are below 0: they have the colour of 0"));
});

Deno.test("denseActivation() says nothing of clipping where nothing is clipped", () => {
  const words = wordsOf(denseActivation(layerPicture((row, column) => row + column)));
  assert(!words.join(" ").match(/≤|less than|below/));
});

Deno.test("denseActivation() says so if nothing is above zero", () => {
  const said = (value: number) =>
    wordsOf(denseActivation(layerPicture(() => value), { reference: true })).join(" ");
  assert(said(0).includes("no value is above 0"));
  assert(said(-1).includes("276 of 276 values are below 0, and none above"));
  assert(!said(1).includes("none above") && !said(1).includes("no value"));
});

Deno.test("denseActivation() of a linear SAE shows negative values, zero in the middle", async () => {
  const picture = layerPicture((row) => [-1, 1, 0, 0.5, -0.5, 0][row]!, { free: 40 });
  const figure = denseActivation(picture);
  const { free } = strips(figure);
  const pixels = await pixelsOf(figure, 100);
  const color = (row: number) =>
    pixels.at(...cellCenter(free, { row, column: 3, rows: 6, columns: 40 }));
  assert.equal(color(0), "#053061"); // the ends and the middle of RdBu_r
  assert.equal(color(1), "#67001f");
  assert.equal(color(2), color(5));
  assert.match(color(2), /^#f[6-9]f[6-9]f[6-9]$/);
  const caption = wordsOf(figure).join(" ");
  assert(caption.includes("signed colours: the middle of the scale is 0"));
  assert(!caption.includes("AlignSAE"));
});

Deno.test("denseActivation() draws with the colour map asked for", async () => {
  const picture = layerPicture((row) => row % 2, { free: 40 });
  const figure = denseActivation(picture, { colorMap: "viridis" });
  const { free } = strips(figure);
  const pixels = await pixelsOf(figure, 100);
  const at = (row: number) => cellCenter(free, { row, column: 3, rows: 6, columns: 40 });
  assert.equal(pixels.at(...at(0)), "#440154");
  assert.equal(pixels.at(...at(1)), "#fde725");
});

Deno.test("denseActivation() of a traditional SAE, never negative, goes in hot from 0", async () => {
  const picture = layerPicture((row) => row % 2, { free: 40, slots: 0 });
  const figure = denseActivation(picture);
  const { free } = strips(figure);
  const pixels = await pixelsOf(figure, 100);
  const at = (row: number) => cellCenter(free, { row, column: 3, rows: 6, columns: 40 });
  assert.equal(pixels.at(...at(0)), "#0b0000");
  assert.equal(pixels.at(...at(1)), "#ffffff");
});

Deno.test("denseActivation() writes what each slot was trained for below its number", () => {
  const slotNames = [...RELATIONS.slice(0, 5), undefined];
  const picture = layerPicture(noise, { free: 10_000, relations: RELATIONS.slice(1, 2) });
  const figure = denseActivation({ ...picture, slotNames });
  const number = findText(figure, "10003");
  const name = findText(figure, "Major");
  assert.equal(name.x, number.x);
  assert(name.y > number.y);
  findText(figure, "10005");
  assertLegible(figure);
});

Deno.test("denseActivation() of a traditional SAE has no slots and no cyan line", () => {
  const figure = denseActivation(layerPicture(noise, { free: 10_006, slots: 0 }));
  assert.equal(cyanLines(figure).length, 0);
  assert.equal(rasterBoxes(figure).length, 2, "the colour bar and the features");
  const words = wordsOf(figure);
  for (
    const expected of [
      "Traditional SAE: 10,006 Hidden Features (No Supervision)",
      ...["0", "5003", "10005"],
    ]
  ) assert(words.includes(expected), expected);
  assert(!words.join(" ").includes("Slot"));
});

Deno.test("denseActivation() says what the results were made of", () => {
  const figure = denseActivation(layerPicture(noise));
  const words = textsOf(figure).map(({ text }) => text).join(" ");
  for (const part of CAPTION) assert(words.includes(part), part);
});
