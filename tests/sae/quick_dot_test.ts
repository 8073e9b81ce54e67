import assert from "node:assert/strict";
import { quickDot, quickVectors } from "../../lib/sae/quick_dot.ts";
import { randomNumbers } from "../support/tiny_model.ts";

Deno.test("quickDot() is the same number in WebAssembly's memory and out of it, of any length", () => {
  for (const length of [1, 3, 4, 18, 769]) {
    const [a, b, c] = [1, 2, 3].map((seed) => Float64Array.from(randomNumbers(length, seed)));
    const [first, second, third] = quickVectors(3, length);
    first!.set(a!);
    second!.set(b!);
    third!.set(c!);
    const expected = a!.reduce((sum, value, i) => sum + value * b![i]!, 0);
    assert(Math.abs(quickDot(a!, b!) - expected) < 1e-12);
    assert.equal(quickDot(first!, second!), quickDot(a!, b!));
    assert.equal(quickDot(third!, second!), quickDot(c!, b!));
    assert.equal(quickDot(first!, third!), quickDot(a!, c!), "the vectors are as they were");
    assert.equal(quickDot(first!, b!), quickDot(a!, b!), "one of two lies elsewhere");
  }
});
