import assert from "node:assert/strict";
import { projectedRows, turnedRows } from "../../../lib/analysis/statistics/state_columns.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";

const COUNT = 300; // more rows than are read at a time
const rows = rowsInMemory(Float32Array.from({ length: COUNT * 3 }, (_, i) => i % 7 - 3), 3);
const at = (row: number, column: number) => rows.read(row, 1)[column]!;

Deno.test("rows are handed over column by column", async () => {
  const found: number[][] = [];
  await turnedRows(rows, ({ count, questions, values }) => {
    for (let i = 0; i < count; i++) {
      found.push([...values.subarray(i * questions, (i + 1) * questions)]);
    }
    return Promise.resolve();
  });
  const expected = [0, 1, 2].map((column) =>
    Array.from({ length: COUNT }, (_, row) => at(row, column))
  );
  assert.deepEqual(found, expected);
});

Deno.test("projections are products with each direction", () => {
  const [one, other] = projectedRows(rows, Float32Array.of(1, 0, 2, 0, 0.5, 0));
  for (let row = 0; row < COUNT; row++) {
    assert.equal(one![row], at(row, 0) + 2 * at(row, 2));
    assert.equal(other![row], at(row, 1) / 2);
  }
});
