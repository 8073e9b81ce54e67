import assert from "node:assert/strict";
import { dot } from "../../lib/sae/dot.ts";

Deno.test("dot() adds up the products of two vectors", () => {
  assert.equal(dot(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)), 32);
  assert.equal(dot(new Float64Array(0), new Float64Array(0)), 0);
});
