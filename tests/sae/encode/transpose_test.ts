import assert from "node:assert/strict";
import { prepareTranspose, transposed } from "../../../lib/sae/encode/transpose.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest(
  "transposed() turns a matrix round and pads it with zeros, in however many pieces",
  async (gpu) => {
    const kernel = await prepareTranspose(gpu);
    const [rows, columns] = [40, 3];
    const shape = { rows, columns, paddedRows: 64, paddedColumns: 16 };
    const matrix = Float32Array.from({ length: rows * columns }, (_, i) => i + 1);
    const expected = new Float32Array(shape.paddedRows * shape.paddedColumns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        expected[column * shape.paddedRows + row] = matrix[row * columns + column]!;
      }
    }
    for (const pieceBytes of [undefined, 4 * columns * 16, 1]) {
      const result = transposed(gpu, kernel, "matrix", matrix, shape, pieceBytes);
      const [found] = await gpu.read([result]);
      result.destroy();
      assert.deepEqual(found, expected);
    }
  },
);
