import assert from "node:assert/strict";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { passStates } from "../../lib/sae/state_pass.ts";
import { randomNumbers } from "../support/tiny_model.ts";

/** The variance, one number after the other. */
function plainVariance(values: Float32Array, width: number): number {
  const sums = new Float64Array(width);
  let squares = 0;
  values.forEach((value, i) => {
    sums[i % width]! += value;
    squares += value * value;
  });
  const count = values.length / width;
  const meanSquare = sums.reduce((total, sum) => total + (sum / count) ** 2, 0);
  return Math.max(0, squares / count - meanSquare);
}

for (const [count, width] of [[1, 1], [257, 7], [513, 16], [300, 1]] as const) {
  Deno.test(`a pass over ${count} states of width ${width} gives the sums of a plain loop`, () => {
    const values = randomNumbers(count * width, count);
    const { greatest, variance } = passStates(rowsInMemory(values, width));
    assert.equal(variance, plainVariance(values, width));
    assert.equal(greatest, Math.max(...values.map(Math.abs)));
  });
}

Deno.test("a pass over states sees a number that is not finite wherever it stands", () => {
  for (const at of [0, 3, 20, 34]) {
    for (const strange of [NaN, -Infinity]) {
      const values = randomNumbers(35, 1);
      values[at] = strange;
      assert(!Number.isFinite(passStates(rowsInMemory(values, 5)).greatest));
    }
  }
  assert.deepEqual(passStates(rowsInMemory(new Float32Array(6), 3)), { greatest: 0, variance: 0 });
});
