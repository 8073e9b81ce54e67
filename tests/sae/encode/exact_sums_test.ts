import assert from "node:assert/strict";
import { addAll, addOne, addSums, emptySums } from "../../../lib/sae/encode/exact_sums.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

/** A float64 as a whole number of 2^-1074, the least there is. */
function exact(value: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0]!;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const whole = exponent === 0 ? fraction : (fraction | 1n << 52n) << BigInt(exponent - 1);
  return value < 0 ? -whole : whole;
}

/** Float32 numbers of every magnitude, so that float64 does not hold their sums. */
function numbers(seed: number): Float32Array {
  return randomNumbers(200, seed).map((x, i) => x * 2 ** ((i * 37) % 240 - 120));
}

function shuffled(values: Float32Array, seed: number): Float32Array {
  const order = [...randomNumbers(values.length, seed)].map((key, i) => [key, i] as const);
  return Float32Array.from(order.sort(([a], [b]) => a - b), ([, i]) => values[i]!);
}

Deno.test("addOne() keeps the exact sum, and its value is the nearest float64", () => {
  for (let seed = 1; seed < 30; seed++) {
    const sums = emptySums(1);
    const all = numbers(seed);
    for (const number of all) addOne(sums, 0, number);
    const total = all.reduce((sum, number) => sum + exact(number), 0n);
    const [value, rest] = [sums.values[0]!, sums.rests.get(0) ?? []];
    assert.equal([value, ...rest].reduce((sum, part) => sum + exact(part), 0n), total);
    const distance = (other: number) => {
      const off = exact(other) - total;
      return off < 0n ? -off : off;
    };
    for (const step of [-(2 ** -52), 2 ** -52]) {
      assert(distance(value) <= distance(value * (1 + step)), `seed ${seed}`);
    }
  }
});

Deno.test("addAll() and addSums() give the same in any order and however divided", () => {
  const all = numbers(7);
  const whole = emptySums(1);
  for (const number of all) addAll(whole, 0, Float32Array.of(number));
  for (let seed = 1; seed < 10; seed++) {
    const other = shuffled(all, seed);
    const [left, right] = [emptySums(1), emptySums(1)];
    other.forEach((number, i) => addOne(i < 20 * seed ? left : right, 0, number));
    addSums(left, 0, right);
    assert.deepEqual(left, whole);
  }
});

Deno.test("addAll() rounds once, to even where a sum lies in the middle", () => {
  const half = 2 ** -53;
  for (const [parts, expected] of [[[1, half], 1], [[1, half, 2 ** -100], 1 + 2 ** -52]] as const) {
    const sums = emptySums(1);
    for (const part of parts) addAll(sums, 0, Float64Array.of(part));
    assert.equal(sums.values[0], expected);
  }
});

Deno.test("addAll() keeps nothing beside sums that float64 holds", () => {
  const sums = emptySums(3);
  for (let i = 0; i < 100; i++) addAll(sums, 0, randomNumbers(3, i));
  assert.equal(sums.rests.size, 0);
});

Deno.test("addAll() does not hide numbers that are not finite", () => {
  for (const number of [NaN, Infinity, -Infinity]) {
    const sums = emptySums(1);
    addAll(sums, 0, Float32Array.of(number));
    assert(!Number.isFinite(sums.values[0]));
  }
});
