import assert from "node:assert/strict";
import { SpareArrays } from "../../lib/reading/spare_arrays.ts";

Deno.test("an array that was given back is taken once, by whoever needs its length", () => {
  const spare = new SpareArrays();
  const array = new Float32Array(3);
  spare.give(array);
  assert.equal(spare.take(8), undefined);
  assert.equal(spare.take(12), array);
  assert.equal(spare.take(12), undefined);
});

Deno.test("few arrays are kept, the last ones", () => {
  const spare = new SpareArrays();
  for (let length = 1; length <= 4; length++) spare.give(new Float32Array(length));
  const found = [1, 2, 3, 4].map((length) => spare.take(4 * length)?.length);
  assert.deepEqual(found, [undefined, undefined, 3, 4]);
  spare.give(new Float32Array(1));
  spare.clear();
  assert.equal(spare.take(4), undefined);
});
