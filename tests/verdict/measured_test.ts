import assert from "node:assert/strict";
import { isStill, lackingIn, meanOfIntervals, sure } from "../../lib/verdict/measured.ts";

Deno.test("a mean of numbers that no person moves is as unsure as they are in the mean", () => {
  assert(isStill({ estimate: 1, parts: new Float64Array(3) }));
  assert(!isStill({ estimate: 0.9, parts: Float64Array.of(0, 0.1, -0.1) }));
  // Of AUROCs of 1, whose intervals are Wilson's: not 1 to 1.
  const { value, interval } = meanOfIntervals(1 - 1e-15, [sure(1, [0.75, 1]), sure(1, [0.5, 1])]);
  assert.deepEqual([value, interval], [1, [0.625, 1]]);
});

Deno.test("why a mean has no interval is said once, of a mean of means, too", () => {
  const none = { value: 0.5, interval: null, reason: "too few persons" };
  const reason = lackingIn([sure(1, [0.5, 1]), none]);
  assert.equal(reason, "of one relation there is none: too few persons");
  assert.equal(lackingIn([{ ...none, reason: reason! }]), reason);
  assert.equal(lackingIn([sure(1, [0.5, 1])]), undefined);
});
