import assert from "node:assert/strict";
import { repeatedDoubles } from "../../lib/results/repeated_doubles.ts";

Deno.test("repeated numbers become the numbers of the different ones, in the order in which they come", () => {
  const values = Float64Array.from({ length: 100 }, (_, i) => [0.5, 3, -1.25][i % 3]!);
  const { distinct, numbers, bits } = repeatedDoubles(values)!;
  assert.deepEqual([...distinct], [0.5, 3, -1.25]);
  assert.deepEqual([...numbers], Array.from({ length: 100 }, (_, i) => i % 3));
  assert.equal(bits, 2);
});

Deno.test("numbers are the same to the last bit: the two zeros are two, and neighbours differ", () => {
  const next = 1 + Number.EPSILON;
  const values = Float64Array.from({ length: 80 }, (_, i) => [0, -0, 1, next][i % 4]!);
  const { distinct, numbers } = repeatedDoubles(values)!;
  assert.deepEqual([...distinct].map((each) => Object.is(each, -0) ? "-0" : each), [
    0,
    "-0",
    1,
    next,
  ]);
  assert(numbers.every((number, i) => number === i % 4));
});

Deno.test("many numbers are told apart, though they meet in the same place", () => {
  // Their low halves are 0, so that the hash has little to go by.
  const values = Float64Array.from({ length: 4000 }, (_, i) => i % 500);
  const { distinct, numbers, bits } = repeatedDoubles(values)!;
  assert.equal(bits, 9);
  assert(values.every((value, i) => distinct[numbers[i]!] === value));
});

Deno.test("one value needs no bit", () => {
  assert.equal(repeatedDoubles(new Float64Array(9).fill(2))!.bits, 0);
});

Deno.test("numbers stay as they are if a dictionary does not make them half as long", () => {
  assert.equal(repeatedDoubles(new Float64Array(0)), undefined);
  assert.equal(repeatedDoubles(Float64Array.from({ length: 1000 }, (_, i) => i)), undefined);
  // Each twice: the dictionary alone is half as long, and the numbers come on top.
  assert.equal(repeatedDoubles(Float64Array.from({ length: 1000 }, (_, i) => i >> 1)), undefined);
  // The first 200 differ, which a sample does not see.
  const late = Float64Array.from({ length: 1000 }, (_, i) => i < 600 ? i : 0);
  assert.equal(repeatedDoubles(late), undefined);
});
