import assert from "node:assert/strict";
import { sliceCutoffs, sliceSae } from "../../../lib/sae/encode/slice_sae.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import type { Sae } from "../../../lib/sae/sae.ts";

const SAE: Sae = {
  width: 2,
  featureCount: 4,
  rows: wholeRows(Float32Array.of(0, 1, 10, 11, 20, 21, 30, 31), 2),
  bias: Float32Array.of(0, 1, 2, 3),
  input: [],
  activation: {
    threshold: Float32Array.of(5, 6, 7, 8),
    floor: 0,
    scale: Float32Array.of(1, 2, 3, 4),
    offset: Float32Array.of(9, 8, 7, 6),
  },
  targets: [{ feature: 1, group: 0 }],
};

Deno.test("sliceSae() gives neighbouring features with all that is theirs, and no targets", async () => {
  const { rows, ...rest } = sliceSae(SAE, { first: 1, count: 2 });
  assert.deepEqual(await rows.read(1, 1), Float32Array.of(20, 21));
  assert.deepEqual(rest, {
    width: 2,
    featureCount: 2,
    bias: Float32Array.of(1, 2),
    input: [],
    activation: {
      threshold: Float32Array.of(6, 7),
      floor: 0,
      scale: Float32Array.of(2, 3),
      offset: Float32Array.of(8, 7),
    },
    targets: [],
  });
});

Deno.test("sliceSae() leaves top-k within the features, without groups, and one threshold as it is", () => {
  const of = (threshold: Sae["activation"]["threshold"]) =>
    sliceSae({ ...SAE, activation: { threshold } }, { first: 2, count: 2 }).activation.threshold;
  assert.deepEqual(of({ k: 3, by: "magnitude", groups: 2 }), { k: 3, by: "magnitude" });
  assert.equal(of(0.5), 0.5);
});

Deno.test("sliceCutoffs() count features from the first of the slice, within it", () => {
  const cutoffs = { thresholds: Float32Array.of(1, 2, 3), ends: Uint32Array.of(1, 5, 0xffffffff) };
  assert.deepEqual(sliceCutoffs(cutoffs, { first: 3, count: 4 }), {
    thresholds: cutoffs.thresholds,
    ends: Uint32Array.of(0, 2, 4),
  });
});
