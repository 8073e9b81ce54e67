import assert from "node:assert/strict";
import { cellNumbers } from "../../lib/plot/cell_numbers.ts";
import { colorMap } from "../../lib/plot/color_map.ts";
import { sequentialScale } from "../../lib/plot/color_scale.ts";
import { contains } from "../../lib/plot/box.ts";
import { textBox } from "../../lib/plot/text.ts";

const values = Float32Array.of(0, 1, 0.5, -0.25);
const view = { values, rows: 2, stride: 2, columns: { start: 0, end: 2 } };
const options = {
  scale: sequentialScale(colorMap("hot"), values, 0),
  format: (value: number) => value.toFixed(2),
  size: 10,
};

Deno.test("cellNumbers() stand in the middle of their cells, black on bright, white on dark", () => {
  const numbers = cellNumbers(view, { x: 0, y: 0, width: 100, height: 60 }, options);
  assert.deepEqual(numbers.map(({ text }) => text), ["0.00", "1.00", "0.50", "-0.25"]);
  assert.deepEqual(numbers.slice(0, 2).map(({ color }) => color), ["#ffffff", "#000000"]);
  assert.deepEqual(numbers.map(({ x }) => x), [25, 75, 25, 75]);
  for (const number of numbers) assert.equal(number.size, 10);
});

Deno.test("cellNumbers() shrink to fit their cells", () => {
  const numbers = cellNumbers(view, { x: 0, y: 0, width: 40, height: 60 }, options);
  numbers.forEach((number, i) => {
    const cell = { x: 20 * (i % 2), y: 30 * Math.floor(i / 2), width: 20, height: 30 };
    assert(number.size < 10);
    assert(contains(cell, textBox(number)));
  });
});

Deno.test("cellNumbers() are left out where they could not be read", () => {
  assert.deepEqual(cellNumbers(view, { x: 0, y: 0, width: 16, height: 60 }, options), []);
  assert.deepEqual(cellNumbers(view, { x: 0, y: 0, width: 100, height: 8 }, options), []);
});
