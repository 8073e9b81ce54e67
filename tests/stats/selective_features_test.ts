import assert from "node:assert/strict";
import { selectiveFeatures } from "../../lib/stats/selective_features.ts";

Deno.test("selectiveFeatures() finds the feature that is active here more often than anywhere else", () => {
  const shares = Float64Array.of(
    ...[1, 0.9, 0.2, 0],
    ...[1, 0.1, 0.7, 0],
    ...[1, 0.3, 0.6, 0],
  );
  assert.deepEqual(selectiveFeatures(shares, { rows: 3, stride: 4, end: 4 }), [
    { feature: 1, active: 0.9, elsewhere: 0.3 },
    { feature: 2, active: 0.7, elsewhere: 0.6 },
    { feature: 0, active: 1, elsewhere: 1 }, // nothing stands out here: the most active one
  ]);
});

Deno.test("selectiveFeatures() of a single relation has nothing to hold it against", () => {
  assert.deepEqual(selectiveFeatures(Float64Array.of(0.2, 0.5), { rows: 1, stride: 2, end: 2 }), [
    { feature: 1, active: 0.5, elsewhere: 0 },
  ]);
});
