import assert from "node:assert/strict";
import { openTensorFile } from "../../lib/tensors/open_tensor_file.ts";
import { piecesByRows } from "../../lib/tensors/read_tensor.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { safetensors } from "../support/tiny_model.ts";

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
