import assert from "node:assert/strict";
import { isStill, meanOfIntervals, sure } from "../../lib/verdict/measured.ts";

Deno.test("a mean of numbers that no person moves is as unsure as they are in the mean", () => {
  assert(isStill({ estimate: 1, parts: new Float64Array(3) }));
  assert(!isStill({ estimate: 0.9, parts: Float64Array.of(0, 0.1, -0.1) }));
  // Of AUROCs of 1, whose intervals are Wilson's: not 1 to 1.
  const { value, interval } = meanOfIntervals(1 - 1e-15, [sure(1, [0.75, 1]), sure(1, [0.5, 1])]);
  assert.deepEqual([value, interval], [1, [0.625, 1]]);
});
