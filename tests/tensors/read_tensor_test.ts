import assert from "node:assert/strict";
import { openTensorFile } from "../../lib/tensors/open_tensor_file.ts";
import { piecesByRows } from "../../lib/tensors/read_tensor.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { readFloat32 } from "../support/read_float32.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { safetensors } from "../support/tiny_model.ts";
import { concatenate, f32 } from "./bytes.ts";
import { bytesSource } from "../support/bytes_source.ts";

Deno.test("piecesByRows() gives a matrix in pieces of at most 8 MiB, in order, and none twice", async () => {
  using directory = new TemporaryDirectory();
  const [rows, width] = [5, 2 ** 19]; // rows of 2 MiB: four to a piece
  const values = Float32Array.from({ length: rows * width }, (_, i) => Math.floor(i / width));
  const content = safetensors(new Map([["w", { shape: [rows, width], values }]]));
  const file = await openTensorFile(directory.write("w.safetensors", content));
  const pieces = await Array.fromAsync(piecesByRows(file, "w"));
  assert.deepEqual(pieces.map(({ length }) => length / width), [4, 1]);
  assert.deepEqual([0, 1, 2, 3].map((row) => pieces[0]![row * width]), [0, 1, 2, 3]);
  assert.equal(pieces[1]!.at(-1), 4);
});

Deno.test("piecesByRows() gives a number without rows, and a tensor without elements", async () => {
  using directory = new TemporaryDirectory();
  const content = safetensors(
    new Map([
      ["one", { shape: [], values: Float32Array.of(7) }],
      ["none", { shape: [0, 3], values: new Float32Array(0) }],
    ]),
  );
  const file = await openTensorFile(directory.write("w.safetensors", content));
  assert.deepEqual(await Array.fromAsync(piecesByRows(file, "one")), [Float32Array.of(7)]);
  assert.deepEqual(await Array.fromAsync(piecesByRows(file, "none")), []);
});

Deno.test("readView() reads where the tensor lies, and nothing else", async () => {
  const source = bytesSource("w.bin", concatenate([9, 9, 9], f32(1, 2, 3), f32(NaN)));
  const tensor = { name: "w", dataType: "float32", shape: [2], offset: 7, byteLength: 8 } as const;
  assert.deepEqual(await readFloat32(source, tensor), Float32Array.of(2, 3));
});

Deno.test("readView() refuses integers", async () => {
  const source = bytesSource("w.bin", new Uint8Array(8));
  const tensor = { name: "w", dataType: "int32", shape: [2], offset: 0, byteLength: 8 } as const;
  await assert.rejects(
    readFloat32(source, tensor),
    inputErrorNaming("w.bin", "tensor w is int32, expected floating-point numbers"),
  );
});

Deno.test("readView() names the first number that is not finite", async () => {
  const source = bytesSource("w.bin", f32(0, NaN, Infinity));
  const tensor = { name: "w", dataType: "float32", shape: [3], offset: 0, byteLength: 12 } as const;
  await assert.rejects(
    readFloat32(source, tensor),
    inputErrorNaming("w.bin", "tensor w holds NaN at position 1, expected finite numbers"),
  );
});

Deno.test("readView() refuses a float64 that is too large for float32", async () => {
  const source = bytesSource("w.bin", new Uint8Array(Float64Array.of(1, -1e39).buffer));
  const tensor = { name: "w", dataType: "float64", shape: [2], offset: 0, byteLength: 16 } as const;
  await assert.rejects(
    readFloat32(source, tensor),
    inputErrorNaming("w.bin", "tensor w holds -Infinity at position 1"),
  );
});
