import assert from "node:assert/strict";
import { layersDrawnAtOnce } from "../../lib/pictures/layers_drawn_at_once.ts";
import type { AnalysisPlan } from "../../lib/analysis/plan/plan.ts";

/** As much of a plan as counts: SAEs of so many features, and groups of two questions each. */
function planOf(features: number[], groups = 6) {
  const checkpoints = features.map((featureCount) => ({ shape: { featureCount } }));
  const sample = { groupSizes: Array<number>(groups).fill(2) };
  return { checkpoints, sample } as unknown as AnalysisPlan;
}

Deno.test("two layers are drawn at a time by up to three threads, and more by more", () => {
  const usual = planOf([10_006]);
  const counts = [0, 1, 3, 4, 8].map((threads) => layersDrawnAtOnce(threads, usual));
  assert.deepEqual(counts, [2, 2, 2, 6, 12]);
});

Deno.test("fewer layers are drawn at a time where the numbers of one are many, but two", () => {
  const count = (features: number[], groups?: number, isMeasured?: boolean) =>
    layersDrawnAtOnce(8, planOf(features, groups), isMeasured);
  assert.equal(count([100_000]), 6);
  assert.equal(count([10, 100_000]), 6, "by the largest");
  assert.equal(count([10_006], 40), 10);
  assert.equal(count([1_000_000]), 2);
  assert.equal(count([10_006], 6, true), 8);
  assert.equal(count([100_000], 6, true), 2);
});
