import assert from "node:assert/strict";
import { relationSlots } from "../../lib/pictures/relation_slots.ts";
import {
  assertLegible,
  cellCenter,
  findText,
  pixelsOf,
  rasterBoxes,
  textsOf,
  wordsOf,
} from "../support/figures.ts";
import { layerPicture, noise, RELATIONS } from "../support/layer_pictures.ts";

const diagonal = layerPicture((row, column) => column - 40 === row ? 1 : -0.25, { free: 40 });

Deno.test("relationSlots() is 8 by 6 inches, with the reference's title and labels", () => {
  const figure = relationSlots(diagonal);
  assert.deepEqual([figure.width, figure.height], [8 * 72, 6 * 72]);
  for (
    const expected of [
      "Layer 6: Relation Slots Only (Supervised 1-to-1 SAE)",
      "(Rows=Query, Cols=Activated Slot)",
      "Queried Relation",
      "Relation Slot",
      "Mean Activation",
      ...RELATIONS,
      ...["Slot 0", "Slot 5"],
    ]
  ) findText(figure, expected);
});

Deno.test("relationSlots() writes each value into its cell, with three decimals", () => {
  const figure = relationSlots(layerPicture((row, column) => row + (column - 40) / 1000));
  const cells = rasterBoxes(figure)[1]!;
  for (const [row, column] of [[0, 0], [2, 5], [5, 1]] as const) {
    const number = findText(figure, `${row}.00${column}`);
    const [x, y] = cellCenter(cells, { row, column, rows: 6, columns: 6 });
    assert(Math.abs(number.x - x) < 1e-9);
    assert(Math.abs(number.y - y) < number.size);
  }
});

Deno.test("relationSlots() in AlignSAE's colours goes in reversed RdYlBu from the least value", async () => {
  const figure = relationSlots(diagonal, { reference: true });
  const cells = rasterBoxes(figure)[1]!;
  const pixels = await pixelsOf(figure, 150);
  // Above the number in the middle of the cell.
  const color = (row: number, column: number) =>
    pixels.at(...cellCenter(cells, { row: 4 * row, column, rows: 24, columns: 6 }));
  assert.equal(color(0, 0), "#a50026");
  assert.equal(color(3, 3), "#a50026");
  assert.equal(color(0, 1), "#313695");
});

Deno.test("relationSlots() writes in black or white by the brightness of the cell", () => {
  const picture = layerPicture((row, column) => (row * 6 + column - 40) / 35);
  const figure = relationSlots(picture, { reference: true });
  const ink = (value: number) => findText(figure, value.toFixed(3)).color;
  assert.equal(ink(0), "#ffffff"); // dark blue
  assert.equal(ink(17 / 35), "#000000"); // pale yellow
  assert.equal(ink(1), "#ffffff"); // dark red
});

Deno.test("relationSlots() draws zero in the middle of its colours", async () => {
  const figure = relationSlots(layerPicture((row, column) => column - 40 === row ? 1 : 0));
  const cells = rasterBoxes(figure)[1]!;
  const pixels = await pixelsOf(figure, 150);
  const color = (column: number) =>
    pixels.at(...cellCenter(cells, { row: 0, column, rows: 24, columns: 6 }));
  assert.equal(color(0), "#67001f");
  assert.match(color(1), /^#f[6-9]f[6-9]f[6-9]$/);
});

Deno.test("relationSlots() names slots by number and relation, also those that were not picked", () => {
  const relations = RELATIONS.slice(4);
  const picture = layerPicture(noise, { relations });
  const figure = relationSlots({ ...picture, slotNames: RELATIONS });
  for (const [slot, relation] of ["Birth Date", "Birth City", "University", "Major"].entries()) {
    const name = findText(figure, relation);
    assert.equal(name.x, findText(figure, `Slot ${slot}`).x);
  }
  assert.equal(wordsOf(figure).filter((word) => word === "Employer").length, 2, "row and column");
});

Deno.test("relationSlots() turns names that would not fit below each other", () => {
  const relations = Array.from({ length: 20 }, (_, i) => `Antidisestablishmentarianism ${i}`);
  const figure = relationSlots({
    ...layerPicture(noise, { slots: 20, relations }),
    slotNames: relations,
  });
  const names = textsOf(figure).filter(({ text }) => text.startsWith("Slot 7 Anti"));
  assert.deepEqual(names.map(({ turned }) => turned), [true]);
  assertLegible(figure);
});

Deno.test("relationSlots() grows with the number of slots, so that numbers can be read", () => {
  const relations = Array.from({ length: 20 }, (_, i) => `Relation ${i}`);
  const figure = relationSlots(layerPicture(noise, { slots: 20, relations }));
  assert(figure.width > 8 * 72);
  const numbers = textsOf(figure).filter(({ text }) => /^−?\d\.\d{3}$/.test(text));
  assert.equal(numbers.length, 400);
  for (const { size } of numbers) assert(size >= 6, `${size} points`);
});

Deno.test("relationSlots() does not know a negative zero", () => {
  assert(!wordsOf(relationSlots(layerPicture(() => -1e-9))).includes("−0.000"));
});

Deno.test("relationSlots() of an SAE without slots is a mistake", () => {
  assert.throws(() => relationSlots(layerPicture(noise, { slots: 0 })), RangeError);
});
