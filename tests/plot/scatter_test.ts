import assert from "node:assert/strict";
import { type Ink, scatter } from "../../lib/plot/scatter.ts";

const RED: Ink = [255, 0, 0];
const BLUE: Ink = [0, 0, 255];
const BOX = { x: 10, y: 20, width: 8, height: 8 };

function painted(places: number[], inks: number[], radius = 2): (x: number, y: number) => number[] {
  const dots = {
    places: Float64Array.from(places),
    inks: Uint8Array.from(inks),
    colors: [RED, BLUE],
    radius,
  };
  const pixels = scatter(dots, BOX).paint(8, 8);
  return (x, y) => [...pixels.subarray(4 * (8 * y + x), 4 * (8 * y + x) + 4)];
}

Deno.test("a dot covers the pixels that are nearer than its radius, and a part of those at its edge", () => {
  const at = painted([14.5, 24.5], [0]); // the middle of pixel 4, 4
  assert.deepEqual(at(4, 4), [255, 0, 0, 255]);
  assert.deepEqual(at(5, 5), [255, 0, 0, 255]); // 1.41 of 2, half a pixel within
  assert.deepEqual(at(4, 6), [255, 0, 0, 128]); // 2: half of it is covered
  assert.deepEqual(at(6, 5), [255, 0, 0, Math.round(255 * (2.5 - Math.hypot(2, 1)))]);
  assert.deepEqual(at(6, 6), [0, 0, 0, 0]); // 2.83, beyond 2.5
});

Deno.test("the last dot lies on top, and where it covers a part, what is below shows through", () => {
  const at = painted([14.5, 24.5, 16.5, 24.5], [0, 1]);
  assert.deepEqual(at(6, 4), [0, 0, 255, 255]);
  assert.deepEqual(at(4, 4), [128, 0, 128, 255]); // half of its edge over red
});

Deno.test("a dot on a dot of its colour changes no pixel that is covered wholly", () => {
  const [once, twice] = [painted([14.5, 24.5], [1]), painted([14.5, 24.5, 14.5, 24.5], [1, 1])];
  assert.deepEqual(twice(4, 4), once(4, 4));
  assert.deepEqual(twice(4, 6), [0, 0, 255, 192]); // and half of the rest
});

Deno.test("a dot smaller than a pixel is faint, and what lies outside the box is cut off", () => {
  assert.deepEqual(painted([14.5, 24.5], [0], 0.25)(4, 4), [255, 0, 0, Math.round(255 * 0.75)]);
  const at = painted([10, 20, 30, 24], [0, 1]);
  assert.deepEqual(at(0, 0), [255, 0, 0, 255]);
  assert.deepEqual(at(7, 4), [0, 0, 0, 0]);
});
