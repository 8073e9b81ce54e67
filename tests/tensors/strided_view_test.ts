import assert from "node:assert/strict";
import { isRowsFirst, planView, rowsFirst, spanOf } from "../../lib/tensors/strided_view.ts";

/** The numbers that a plan gives of a file of 0, 1, 2 …, and how many it reads for them. */
function read(view: Parameters<typeof planView>[0]): { values: number[]; count: number } {
  const { runs: { start, length, step, count }, arrange } = planView(view, "float32");
  const elements = Array.from(
    { length: count },
    (_, run) => Array.from({ length: length / 4 }, (_, i) => (start + run * step) / 4 + i),
  ).flat();
  return { values: [...arrange(Float32Array.from(elements))], count: elements.length };
}

const VIEWS: [string, Parameters<typeof planView>[0], number[], number][] = [
  ["all of a matrix", { start: 0, shape: [2, 3], strides: [3, 1] }, [0, 1, 2, 3, 4, 5], 6],
  ["rows", { start: 3, shape: [2, 3], strides: [3, 1] }, [3, 4, 5, 6, 7, 8], 6],
  ["columns", { start: 1, shape: [3, 2], strides: [10, 1] }, [1, 2, 11, 12, 21, 22], 6],
  ["rows of a transposed matrix", { start: 1, shape: [2, 3], strides: [1, 10] }, [
    1,
    11,
    21,
    2,
    12,
    22,
  ], 6],
  ["every other column", { start: 0, shape: [2, 2], strides: [10, 2] }, [0, 2, 10, 12], 13],
  ["a repeated row", { start: 4, shape: [2, 2], strides: [0, 1] }, [4, 5, 4, 5], 2],
  ["three axes", { start: 0, shape: [2, 1, 2], strides: [1, 7, 5] }, [0, 5, 1, 6], 7],
  ["a vector of another stride", { start: 1, shape: [3], strides: [4] }, [1, 5, 9], 9],
  ["one number", { start: 8, shape: [], strides: [] }, [8], 1],
  ["nothing", { start: 0, shape: [0, 3], strides: [1, 9] }, [], 0],
];

for (const [what, view, expected, most] of VIEWS) {
  Deno.test(`planView() reads ${what}, and not much else`, () => {
    const { values, count } = read(view);
    assert.deepEqual(values, expected);
    assert.equal(count, most);
  });
}

Deno.test("isRowsFirst() looks at no stride of an axis of one entry", () => {
  assert(isRowsFirst({ shape: [3, 1], strides: [1, 99] }));
  assert(isRowsFirst({ shape: [2, 3], strides: rowsFirst([2, 3]) }));
  assert(!isRowsFirst({ shape: [2, 3], strides: [1, 2] }));
  assert.equal(spanOf({ shape: [2, 3], strides: [10, 2] }), 15);
});
