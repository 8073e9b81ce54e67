import assert from "node:assert/strict";
import { bytesSource } from "../../lib/files/byte_source.ts";
import {
  checkFinite,
  type DataType,
  elementCount,
  readFloat32,
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

Deno.test("readFloat32() reads where the tensor lies, and nothing else", async () => {
  const source = bytesSource("w.bin", concatenate([9, 9, 9], f32(1, 2, 3), f32(NaN)));
  const tensor = { name: "w", dataType: "float32", shape: [2], offset: 7, byteLength: 8 } as const;
  assert.deepEqual(await readFloat32(source, tensor), Float32Array.of(2, 3));
});

Deno.test("readFloat32() refuses integers", async () => {
  const source = bytesSource("w.bin", new Uint8Array(8));
  const tensor = { name: "w", dataType: "int32", shape: [2], offset: 0, byteLength: 8 } as const;
  await assert.rejects(
    readFloat32(source, tensor),
    inputErrorNaming("w.bin", "tensor w is int32, expected floating-point numbers"),
  );
});

Deno.test("readFloat32() names the first number that is not finite", async () => {
  const source = bytesSource("w.bin", f32(0, NaN, Infinity));
  const tensor = { name: "w", dataType: "float32", shape: [3], offset: 0, byteLength: 12 } as const;
  await assert.rejects(
    readFloat32(source, tensor),
    inputErrorNaming("w.bin", "tensor w holds NaN at position 1, expected finite numbers"),
  );
});

Deno.test("readFloat32() refuses a float64 that is too large for float32", async () => {
  const source = bytesSource("w.bin", new Uint8Array(Float64Array.of(1, -1e39).buffer));
  const tensor = { name: "w", dataType: "float64", shape: [2], offset: 0, byteLength: 16 } as const;
  await assert.rejects(
    readFloat32(source, tensor),
    inputErrorNaming("w.bin", "tensor w holds -Infinity at position 1"),
  );
});

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
