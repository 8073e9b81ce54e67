import assert from "node:assert/strict";
import { scanWeight } from "../../lib/lm/weight_scan.ts";
import type { DataType } from "../../lib/tensors/stored_tensor.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** 1, −3 and 2.5, which all types hold. */
const STORED: [DataType, Uint8Array][] = [
  ["float64", new Uint8Array(Float64Array.of(1, -3, 2.5).buffer)],
  ["float32", new Uint8Array(Float32Array.of(1, -3, 2.5).buffer)],
  ["float16", new Uint8Array(Float16Array.of(1, -3, 2.5).buffer)],
  ["bfloat16", new Uint8Array(Uint16Array.of(0x3f80, 0xc040, 0x4020).buffer)],
];

for (const [dataType, bytes] of STORED) {
  Deno.test(`scanWeight() finds the greatest of ${dataType} at an odd place, and its values`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("weights", Uint8Array.of(1, 2, 3, ...bytes, 255, 255, 255, 127));
    const weight = { name: "w", path, offset: 3, byteLength: bytes.length, dataType };
    assert.deepEqual(await scanWeight(weight), { name: "w", greatest: 3, values: undefined });
    const read = await scanWeight(weight, { wantsValues: true });
    assert.deepEqual(read, { name: "w", greatest: 3, values: Float32Array.of(1, -3, 2.5) });
  });
}

Deno.test("scanWeight() reads a weight of several parts", async () => {
  using directory = new TemporaryDirectory();
  const values = Float32Array.from({ length: 2 ** 20 + 5 }, (_, i) => i % 1000);
  values[2 ** 20 + 3] = -5000;
  const path = directory.write("weights", new Uint8Array(values.buffer));
  const { byteLength } = values;
  const weight = { name: "w", path, offset: 0, byteLength, dataType: "float32" } as const;
  const read = await scanWeight(weight, { wantsValues: true });
  assert.equal(read.greatest, 5000);
  assert.deepEqual(read.values, values);
});

Deno.test("scanWeight() is finite if and only if the weight is", async () => {
  using directory = new TemporaryDirectory();
  const cases: [DataType, number[]][] = [
    ["bfloat16", [0x7f80]],
    ["bfloat16", [0xff80, 0]],
    ["float16", [0x7c00]],
    ["float16", [0, 0xfe00]],
  ];
  for (const [dataType, bits] of cases) {
    const bytes = new Uint8Array(Uint16Array.from(bits).buffer);
    const path = directory.write("weights", bytes);
    const weight = { name: "w", path, offset: 0, byteLength: bytes.length, dataType };
    assert(!Number.isFinite((await scanWeight(weight)).greatest));
  }
});
