import assert from "node:assert/strict";
import {
  checkFinite,
  type DataType,
  elementCount,
  shapeText,
  toFloat32,
} from "../../lib/tensors/stored_tensor.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { concatenate, f32, u16 } from "./bytes.ts";

Deno.test("elementCount() multiplies the sizes", () => {
  assert.equal(elementCount([2, 3, 4]), 24);
  assert.equal(elementCount([2, 0]), 0);
  assert.equal(elementCount([]), 1);
});

Deno.test("shapeText() writes a shape as a list", () => {
  assert.equal(shapeText([768, 2304]), "[768, 2304]");
  assert.equal(shapeText([]), "[]");
});

Deno.test("toFloat32() keeps float32 as it is", () => {
  const values = [0.1, -0, 2 ** -149, 3.4028234663852886e38];
  assert.deepEqual(toFloat32(f32(...values), "float32"), Float32Array.from(values));
});

Deno.test("toFloat32() rounds float64 to the nearest float32", () => {
  const bytes = new Uint8Array(Float64Array.of(0.1, 1 + 2 ** -24, 1 + 3 * 2 ** -24).buffer);
  // 1 + 2^-24 lies halfway and goes to the even neighbour 1; so does 1 + 3 * 2^-24, to 1 + 2^-22.
  assert.deepEqual(
    toFloat32(bytes, "float64"),
    Float32Array.of(0.10000000149011612, 1, 1 + 2 ** -22),
  );
});

Deno.test("toFloat32() widens float16, also its subnormal numbers and infinities", () => {
  const bits = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0x7e00];
  assert.deepEqual(
    toFloat32(concatenate(...bits.map(u16)), "float16"),
    Float32Array.of(1, -2, 65504, 2 ** -24, -0, Infinity, NaN),
  );
});

Deno.test("toFloat32() widens bfloat16, also negative numbers and infinities", () => {
  const bits = [0x3f80, 0xc000, 0x3dcd, 0x0001, 0x8000, 0xff80, 0x7fc0];
  assert.deepEqual(
    toFloat32(concatenate(...bits.map(u16)), "bfloat16"),
    Float32Array.of(1, -2, 0.10009765625, 2 ** -133, -0, -Infinity, NaN),
  );
});

Deno.test("toFloat32() reads bytes that begin anywhere in their buffer", () => {
  const values = { float64: Float64Array, float32: Float32Array, float16: Float16Array };
  for (const [dataType, Values] of Object.entries(values)) {
    const shifted = concatenate([0], new Uint8Array(Values.of(1, 2.5).buffer)).subarray(1);
    assert.deepEqual(toFloat32(shifted, dataType as DataType), Float32Array.of(1, 2.5), dataType);
  }
  const shifted = concatenate([0], u16(0x3f80), u16(0x4020)).subarray(1);
  assert.deepEqual(toFloat32(shifted, "bfloat16"), Float32Array.of(1, 2.5));
});

for (const dataType of ["int64", "int32", "int16", "int8", "uint8", "bool"] as const) {
  Deno.test(`toFloat32() makes no numbers of ${dataType}`, () => {
    assert.equal(toFloat32(new Uint8Array(8), dataType), undefined);
  });
}

Deno.test("checkFinite() accepts the largest numbers, and none at all", () => {
  const largest = 3.4028234663852886e38;
  checkFinite(Float32Array.of(largest, largest, largest), "w"); // their sum overflows float32
  checkFinite(new Float32Array(0), "w");
});

Deno.test("checkFinite() is not fooled by infinities that cancel", () => {
  assert.throws(
    () => checkFinite(Float32Array.of(0, Infinity, -Infinity), "w.pt: tensor w"),
    inputErrorNaming("w.pt: tensor w", "holds Infinity at position 1"),
  );
});
