import assert from "node:assert/strict";
import { matrixRows, readBias, rowLengths } from "../../../lib/sae/formats/matrices.ts";
import { openTensorFile } from "../../../lib/tensors/open_tensor_file.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { safetensors } from "../../support/tiny_model.ts";

const ROWS = Float32Array.of(3, 4, 0, 5, 12, 0);
const MATRICES = new Map(Object.entries({
  rows: { shape: [2, 3], values: ROWS },
  bias: { shape: [2], values: Float32Array.of(7, 8) },
}));

async function open(directory: TemporaryDirectory) {
  return await openTensorFile(directory.write("w.safetensors", safetensors(MATRICES)));
}

Deno.test("rowLengths() are those of the rows of features, read whole or by ranges", async () => {
  using directory = new TemporaryDirectory();
  const file = await open(directory);
  for (const wholeBytes of [undefined, 0]) {
    const matrix = { width: 3, featureCount: 2, weight: "rows" };
    assert.deepEqual([...await rowLengths(matrixRows(file, matrix, { wholeBytes }), 2)], [5, 13]);
  }
});

Deno.test("matrixRows() refuses a matrix of another shape, naming both", async () => {
  using directory = new TemporaryDirectory();
  const file = await open(directory);
  assert.throws(
    () => matrixRows(file, { width: 3, featureCount: 2, weight: "rows", isTransposed: true }),
    inputError(/tensor rows has shape \[2, 3\], expected \[3, 2\]/),
  );
});

Deno.test("readBias() is the tensor of that length, or zeros where there is none", async () => {
  using directory = new TemporaryDirectory();
  const file = await open(directory);
  assert.deepEqual([...await readBias(file, "bias", 2)], [7, 8]);
  assert.deepEqual([...await readBias(file, undefined, 2)], [0, 0]);
  await assert.rejects(readBias(file, "bias", 3), inputError(/tensor bias has shape \[2\]/));
});
