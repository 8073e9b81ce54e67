import assert from "node:assert/strict";
import { contains, inset, overlap } from "../../lib/plot/box.ts";

const box = { x: 10, y: 20, width: 30, height: 40 };

Deno.test("inset() takes margins off the sides", () => {
  const rest = inset(box, { left: 1, top: 2, right: 3, bottom: 4 });
  assert.deepEqual(rest, { x: 11, y: 22, width: 26, height: 34 });
  assert.deepEqual(inset(box, {}), box);
});

Deno.test("overlap() is true of boxes that share some area, not of those that only touch", () => {
  assert(overlap(box, { x: 39, y: 59, width: 5, height: 5 }));
  assert(!overlap(box, { x: 40, y: 20, width: 5, height: 5 }));
  assert(!overlap(box, { x: 39, y: 59, width: 5, height: 5 }, 1));
});

Deno.test("contains() is true of a box within another", () => {
  assert(contains(box, box));
  assert(contains(box, { x: 12, y: 22, width: 1, height: 1 }));
  assert(!contains(box, { x: 9, y: 22, width: 5, height: 5 }));
});
