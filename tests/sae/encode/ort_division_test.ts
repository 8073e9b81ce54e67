import assert from "node:assert/strict";
import { areFilledUp, LEAST_STATES } from "../../../lib/sae/encode/ort_division.ts";

const sae = { width: 768 };

Deno.test("few states of a wide SAE are filled up, so that they are encoded as among many", () => {
  const few = [{ count: LEAST_STATES - 1 }];
  assert(areFilledUp(few, { sae, groupSizes: [64] }));
  assert(areFilledUp([{ count: 256 }, ...few], { sae, groupSizes: [320] }));
  assert(!areFilledUp([{ count: LEAST_STATES }], { sae, groupSizes: [65] }));
  assert(!areFilledUp(few, { sae: { width: 128 }, groupSizes: [64] }), "added in one go");
});

Deno.test("few states are not filled up where they are all that there are, for that takes time", () => {
  const few = [{ count: 8 }];
  assert(!areFilledUp(few, { sae, groupSizes: [8], areAll: true }));
  assert(areFilledUp(few, { sae, groupSizes: [264], areAll: true }), "others lie before them");
  assert(areFilledUp(few, { sae, groupSizes: [8, 8], areAll: true }), "of two groups");
});
