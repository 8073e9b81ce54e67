import assert from "node:assert/strict";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";

/** The questions whose activation is not 0, by a sort that keeps the order of ties. */
function sorted(column: Float32Array): number[] {
  return [...column.keys()].filter((i) => column[i] !== 0)
    .sort((a, b) => column[a]! - column[b]! || a - b);
}

function assertSorted(column: Float32Array): void {
  for (const isPlain of [false, true]) {
    assertSortedBy(new ColumnRanks(column.length, isPlain), column);
  }
}

function assertSortedBy(ranks: ColumnRanks, column: Float32Array): void {
  ranks.rank(column);
  const { questions, keys, nonzeroCount, negativeCount } = ranks;
  const expected = sorted(column);
  assert.deepEqual([...questions.subarray(0, nonzeroCount)], expected);
  assert.equal(negativeCount, column.filter((value) => value < 0).length);
  for (let i = 1; i < nonzeroCount; i++) {
    const [before, here] = [expected[i - 1]!, expected[i]!];
    assert.equal(keys[i - 1] === keys[i], column[before] === column[here]);
    assert(keys[i - 1]! <= keys[i]!);
  }
  assert.equal(ranks.hasTies, new Set(expected.map((i) => column[i])).size < nonzeroCount);
  const tied = expected.flatMap((i, at) =>
    at > 0 && column[expected[at - 1]!] === column[i] ? [at] : []
  );
  if (ranks.ties !== undefined) assert.deepEqual([...Array.from(ranks.ties)], tied);
}

Deno.test("activations are sorted, whatever their signs and sizes, and ties stay in order", () => {
  const random = new SeededRandom(2);
  for (const count of [1, 20, 39, 40, 500]) {
    assertSorted(Float32Array.from({ length: count }, () => random.below(1000) / 500 - 1));
    assertSorted(Float32Array.from({ length: count }, () => random.below(4) - 2));
    assertSorted(Float32Array.from({ length: count }, () => 10 ** (random.below(70) - 35)));
  }
  // Some at 0, here and there or neighbours; more questions than leave leading bits for a sort by these alone.
  for (const count of [203, 1024, 3001, 70_000]) {
    assertSorted(
      Float32Array.from({ length: count }, (_, i) => i % 7 < 2 ? 0 : random.below(1e6) / 100 - 50),
    );
    assertSorted(Float32Array.from({ length: count }, () => random.below(2 ** 24) / 2 ** 20 - 3));
  }
  assertSorted(Float32Array.of(Infinity, -0, 0, -Infinity, 1, 1e-45, -1e-45));
});

Deno.test("activations in every digit, of one sign or two, are sorted from the lowest digit on", () => {
  const random = new SeededRandom(5);
  const bits = Int32Array.from({ length: 900 }, () => 0x3f800000 + random.below(1 << 11));
  for (const far of [0x7f7fffff, 0x00800000, -0x00800001]) {
    bits[3] = far; // most of the others are alike in the leading digits
    assertSorted(new Float32Array(bits.buffer));
  }
});

Deno.test("many activations in the last digits of each other, and one far away, are sorted too", () => {
  const random = new SeededRandom(3);
  const bits = Int32Array.from({ length: 2000 }, () => 0x3f800000 + random.below(1000));
  const column = new Float32Array(bits.buffer);
  column[700] = -1e30;
  assertSorted(column);
});

Deno.test("activations on both sides of 0 are sorted, though one is infinite, or all are next to 0", () => {
  const random = new SeededRandom(6);
  for (const far of [Infinity, -Infinity, 3e38, 1e10]) {
    for (const size of [1, 1e-44, 1e-30]) {
      const column = Float32Array.from({ length: 300 }, () => size * (random.below(400) - 200));
      column[7] = far;
      assertSorted(column);
    }
    const bits = Int32Array.from({ length: 60 }, (_, i) => i % 2 === 0 ? 1 + i : -0x80000000 + i);
    assertSorted(new Float32Array(bits.buffer)); // denormal numbers
  }
});

Deno.test("of a column without zeros, it is said where its few ties are", () => {
  const column = Float32Array.from({ length: 3000 }, (_, i) => 0.5 + (i * 7919 % 3000) / 3000);
  column[10] = column[20] = column[30]!;
  column[5] = column[6]!;
  const ranks = new ColumnRanks(3000);
  ranks.rank(column);
  assert.equal(ranks.ties?.length, 3);
  const equal = Array.from(ranks.ties!, (at) => column[ranks.questions[at]!]);
  assert.deepEqual(new Set(equal), new Set([column[10], column[5]]));
});
