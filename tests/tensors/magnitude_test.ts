import assert from "node:assert/strict";
import {
  greatestMagnitude,
  LARGEST_FLOAT32,
  SMALLEST_FLOAT32,
} from "../../lib/tensors/magnitude.ts";

Deno.test("greatestMagnitude() takes no notice of signs, nor of what a view leaves out", () => {
  assert.equal(greatestMagnitude(Float32Array.of(1, -3, 2)), 3);
  assert.equal(greatestMagnitude(Float32Array.of(9, -3, 2, 9).subarray(1, 3)), 3);
  assert.equal(greatestMagnitude(Float32Array.of(-0, 0)), 0);
  assert.equal(greatestMagnitude(new Float32Array(0)), 0);
});

Deno.test("greatestMagnitude() holds for the smallest and the largest numbers", () => {
  assert.equal(greatestMagnitude(Float32Array.of(2 ** -149, -(2 ** -148))), 2 ** -148);
  assert.equal(greatestMagnitude(Float32Array.of(1, -LARGEST_FLOAT32)), LARGEST_FLOAT32);
  assert.equal(Math.fround(SMALLEST_FLOAT32), SMALLEST_FLOAT32);
});

Deno.test("greatestMagnitude() is finite if and only if all numbers are", () => {
  assert.equal(greatestMagnitude(Float32Array.of(1, -Infinity, 2)), Infinity);
  assert.equal(greatestMagnitude(Float32Array.of(Infinity, NaN, 2)), NaN);
  assert.equal(greatestMagnitude(Float32Array.of(-NaN)), NaN);
});
