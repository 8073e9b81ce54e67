import assert from "node:assert/strict";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { type InputStep, prepareRow, prepareRows, restoreRow } from "../../lib/sae/input.ts";
import { inputError } from "../support/input_errors.ts";

const ROW = [1, 2, 3, 10];

function prepared(...steps: InputStep[]): number[] {
  const row = Float64Array.from(ROW);
  prepareRow(steps, row);
  return [...row];
}

Deno.test("prepareRow() centres, scales and subtracts", () => {
  assert.deepEqual(prepared({ kind: "centre" }), [-3, -2, -1, 6]);
  assert.deepEqual(prepared({ kind: "scale", factor: 2 }), [2, 4, 6, 20]);
  assert.deepEqual(
    prepared({ kind: "subtract", vector: Float32Array.of(1, 0, 1, 0) }),
    [0, 2, 2, 10],
  );
});

Deno.test("prepareRow() divides by the deviation of a sample, to which epsilon is added", () => {
  const deviation = Math.sqrt((9 + 4 + 1 + 36) / 3);
  const expected = [-3, -2, -1, 6].map((x) => x / (deviation + 0.5));
  prepared({ kind: "layer_norm", epsilon: 0.5 }).forEach((x, i) => {
    assert(Math.abs(x - expected[i]!) < 1e-15);
  });
});

Deno.test("prepareRow() gives a row the length of the root of its width", () => {
  const row = prepared({ kind: "constant_norm" });
  assert(Math.abs(row.reduce((sum, x) => sum + x * x, 0) - 4) < 1e-14);
});

Deno.test("prepareRows() refuses a row of zeros that is to get a length, by its number", () => {
  const rows = rowsInMemory(Float32Array.of(1, 1, 2, 2, 0, 0, 3, 3), 2);
  const prepared = prepareRows([{ kind: "constant_norm" }], rows);
  assert.throws(() => prepared.read(1, 3), inputError(/hidden state 2 is all zeros/));
  assert.deepEqual([...prepareRows([{ kind: "centre" }], rows).read(2, 1)], [0, 0]);
});

Deno.test("prepareRow() takes steps in order", () => {
  assert.deepEqual(prepared({ kind: "centre" }, { kind: "scale", factor: 2 }), [-6, -4, -2, 12]);
});

Deno.test("restoreRow() undoes the steps, but for epsilon and for what is subtracted", () => {
  const steps: InputStep[] = [
    { kind: "scale", factor: 4 },
    { kind: "layer_norm", epsilon: 0 },
    { kind: "subtract", vector: Float32Array.of(5, 5, 5, 5) },
  ];
  const [row, decoded] = [Float64Array.from(ROW), Float64Array.from(ROW)];
  prepareRow(steps.slice(0, 2), decoded); // what a perfect decoder gives, its bias added
  restoreRow(steps, row, decoded);
  decoded.forEach((x, i) => assert(Math.abs(x - ROW[i]!) < 1e-14));
  const far = Float64Array.of(1, 1, 1, 1);
  restoreRow([{ kind: "layer_norm", epsilon: 100 }], row, far);
  assert(Math.abs(far[0]! - (4 + Math.sqrt(50 / 3))) < 1e-14, "the deviation, without epsilon");
  assert.deepEqual([...row], ROW);
});

Deno.test("prepareRows() reads any rows, and leaves those that it reads as they are", () => {
  const values = Float32Array.of(1, 3, 5, 9);
  const rows = prepareRows([{ kind: "centre" }], rowsInMemory(values, 2));
  assert.deepEqual([...rows.read(1, 1)], [-2, 2]);
  assert.deepEqual([...rows.read(0, 2)], [-1, 1, -2, 2]);
  assert.deepEqual([...values], [1, 3, 5, 9]);
});
