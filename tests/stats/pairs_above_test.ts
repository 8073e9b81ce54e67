import assert from "node:assert/strict";
import { pairsAbove } from "../../lib/stats/pairs_above.ts";

Deno.test("each value is compared with all of the other side, equal ones as half", () => {
  const values = Array.from({ length: 60 }, (_, i) => [0, -0, 2, 5, -1, 2, 7][i % 7]! - i % 3);
  const inGroup = values.map((_, i) => i % 4 === 0 || i % 5 === 0);
  const { above, nIn, nOut, isConstant } = pairsAbove(values, inGroup);
  values.forEach((value, i) => {
    let expected = 0;
    values.forEach((other, k) => {
      if (inGroup[k] !== inGroup[i]) expected += value > other ? 2 : value === other ? 1 : 0;
    });
    assert.equal(above[i], expected);
  });
  assert.deepEqual([nIn, nOut, isConstant], [24, 36, false]);
});

Deno.test("values of one side, no values and equal values are above what there is", () => {
  assert.deepEqual([...pairsAbove([3, 1], [1, 1]).above], [0, 0]);
  assert.deepEqual(pairsAbove([], []), {
    above: new Float64Array(0),
    nIn: 0,
    nOut: 0,
    isConstant: true,
  });
  const equal = pairsAbove([0, -0, 0], [true, false, false]);
  assert.deepEqual([[...equal.above], equal.isConstant], [[2, 1, 1], true]);
});

Deno.test("what is no number has no place, and is named", () => {
  assert.throws(() => pairsAbove([1, NaN], [0, 1]), /number 1 is NaN/);
});
