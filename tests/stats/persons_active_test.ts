import assert from "node:assert/strict";
import { personsActive } from "../../lib/stats/persons_active.ts";

Deno.test("a person counts once, however many of the own activations are above the threshold", () => {
  assert.equal(personsActive([1, 2, 0, 0.5], [7, 7, 8, 9], 0.25), 2);
});

Deno.test("the float32 that is next to a threshold is not above it", () => {
  const next = Math.fround(0.1);
  assert(next > 0.1);
  assert.equal(personsActive([next, 0.11], [0, 1], 0.1), 1);
});
