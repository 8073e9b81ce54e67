import assert from "node:assert/strict";
import { bindingAccuracies } from "../../lib/stats/binding_accuracy.ts";

Deno.test("bindingAccuracies() is the share of questions whose largest slot is their own", () => {
  const activations = Float32Array.of(
    ...[9, 1, 0], // slot 0, right
    ...[1, 9, 0], // slot 1, wrong
    ...[5, 4, 3], // slot 0, right
    ...[0, 9, 1], // slot 1, right
    ...[0, 1, 9], // slot 2, right
    ...[9, 1, 0], // slot 0, wrong
    ...[-3, -2, -1], // slot 2, right: all may be negative
  );
  assert.deepEqual(
    bindingAccuracies(activations, [
      { size: 3, slot: 0 },
      { size: 1, slot: 1 },
      { size: 3, slot: 2 },
    ]),
    [2 / 3, 1, 2 / 3],
  );
});

Deno.test("bindingAccuracies() goes by the slot of a relation, not by its place", () => {
  const activations = Float32Array.of(
    ...[0, 0, 7],
    ...[7, 0, 0],
  );
  const groups = [{ size: 1, slot: 2 }, { size: 1, slot: 1 }];
  assert.deepEqual(bindingAccuracies(activations, groups), [1, 0]);
});

Deno.test("bindingAccuracies() takes the lower of two equal slots for the largest", () => {
  const activations = Float32Array.of(
    ...[5, 5],
    ...[5, 5],
  );
  const groups = [{ size: 1, slot: 0 }, { size: 1, slot: 1 }];
  assert.deepEqual(bindingAccuracies(activations, groups), [1, 0]);
});

Deno.test("bindingAccuracies() is 1 if there is only one slot", () => {
  assert.deepEqual(bindingAccuracies(Float32Array.of(-1, 0), [{ size: 2, slot: 0 }]), [1]);
});
