import assert from "node:assert/strict";
import { prepareTranspose, transposed, transposedRows } from "../../../lib/sae/encode/transpose.ts";
import { type FeatureRows, wholeRows } from "../../../lib/sae/feature_rows.ts";
import { gpuTest } from "../../support/gpu.ts";

const [rows, columns] = [40, 3];
const shape = { rows, columns, paddedRows: 64, paddedColumns: 16 };
const matrix = Float32Array.from({ length: rows * columns }, (_, i) => i + 1);
const expected = new Float32Array(shape.paddedRows * shape.paddedColumns);
for (let row = 0; row < rows; row++) {
  for (let column = 0; column < columns; column++) {
    expected[column * shape.paddedRows + row] = matrix[row * columns + column]!;
  }
}

gpuTest(
  "transposed() turns a matrix round and pads it with zeros, in however many pieces",
  async (gpu) => {
    const kernel = await prepareTranspose(gpu);
    for (const pieceBytes of [2 ** 20, 4 * columns * 16, 1]) {
      const result = transposed(gpu, kernel, "matrix", matrix, shape, pieceBytes);
      const [found] = await gpu.read([result]);
      result.destroy();
      assert.deepEqual(found, expected);
    }
  },
);

/** The matrix below five rows of something else, read in one of the ways that files allow. */
function source(way: "whole" | "rows" | "columns"): { rows: FeatureRows; reads: number[] } {
  const all = wholeRows(Float32Array.of(...Array(5 * columns).fill(-1), ...matrix), columns);
  const reads: number[] = [];
  return {
    reads,
    rows: {
      width: columns,
      read(first, count) {
        reads.push(count);
        return all.read(first, count);
      },
      isEvenlyRead: way === "rows",
      ...(way === "columns" && {
        readColumns: async (range, depth) => {
          reads.push(depth.count);
          const read = await all.read(range.first, range.count);
          return Float32Array.from(
            { length: depth.count * range.count },
            (_, i) => {
              const place = depth.first + Math.floor(i / range.count);
              return read[(i % range.count) * columns + place]!;
            },
          );
        },
      }),
    },
  };
}

gpuTest("transposedRows() reads a range in pieces only where its file has it so", async (gpu) => {
  const kernel = await prepareTranspose(gpu);
  const range = { first: 5, count: rows };
  for (
    const [way, pieceBytes, pieces] of [
      ["whole", 4 * columns * 16, [40]],
      ["rows", 4 * columns * 16, [16, 16, 8]],
      ["rows", 2 ** 20, [40]],
      ["columns", 4 * 2 * rows, [2, 1]],
      ["columns", 2 ** 20, [3]],
    ] as const
  ) {
    const { rows, reads } = source(way);
    const result = await transposedRows(
      gpu,
      kernel,
      { label: "matrix", rows, range },
      shape,
      pieceBytes,
    );
    const [found] = await gpu.read([result]);
    result.destroy();
    assert.deepEqual(found, expected, way);
    assert.deepEqual(reads, pieces, way);
  }
});
