import assert from "node:assert/strict";
import { commonFeatures } from "../../lib/stats/common_features.ts";

Deno.test("commonFeatures() counts and lists the consistent free features and slots", () => {
  const consistency = Float64Array.of(
    ...[1, 1, 1, /* slots */ 1, 1, 1],
    ...[0.9, 0.1, 1, /* slots */ 0.3, 0.85, 0.2],
  );
  const layout = { freeCount: 3, slotCount: 3 };
  assert.deepEqual(commonFeatures(consistency, layout, { row: 1, slot: 1, samples: 20 }), {
    n_samples: 20,
    n_consistent_features: 3,
    n_consistent_free: 2,
    n_consistent_slots: 1,
    consistent_free_indices: [0, 2],
    consistent_slot_indices: [1],
    consistency_scores: {
      free_features_max: 1,
      target_slot_consistency: 0.85,
      other_slots_consistency: [0.3, 0.2],
    },
  });
});

Deno.test("commonFeatures() takes a feature for consistent from 80 % of the questions on", () => {
  const layout = { freeCount: 2, slotCount: 1 };
  // The quotient of two counts at a ratio of 4 to 5 is the float64 nearest to 0.8, as is `0.8`.
  for (const samples of [5, 30, 125, 500]) {
    const needed = samples * 4 / 5;
    const consistency = Float64Array.of(needed / samples, (needed - 1) / samples, 0);
    const relation = { row: 0, slot: 0, samples };
    assert.deepEqual(
      commonFeatures(consistency, layout, relation).consistent_free_indices,
      [0],
      `${samples} samples`,
    );
  }
});

Deno.test("commonFeatures() lists the first 50 of more free features, and counts all", () => {
  const consistency = new Float64Array(62).fill(1);
  consistency[0] = 0;
  const layout = { freeCount: 61, slotCount: 1 };
  const common = commonFeatures(consistency, layout, { row: 0, slot: 0, samples: 1 });
  assert.equal(common.n_consistent_free, 60);
  assert.deepEqual(common.consistent_free_indices, Array.from({ length: 50 }, (_, i) => i + 1));
});

Deno.test("commonFeatures() lists nothing if nothing is consistent", () => {
  const layout = { freeCount: 1, slotCount: 1 };
  const common = commonFeatures(Float64Array.of(0, 0), layout, { row: 0, slot: 0, samples: 3 });
  assert.equal(common.n_consistent_features, 0);
  assert.deepEqual(common.consistent_free_indices, []);
  assert.deepEqual(common.consistent_slot_indices, []);
});

Deno.test("commonFeatures() has no other slots if there is one slot", () => {
  const layout = { freeCount: 1, slotCount: 1 };
  const common = commonFeatures(Float64Array.of(1, 0.5), layout, { row: 0, slot: 0, samples: 2 });
  assert.equal(common.consistency_scores.target_slot_consistency, 0.5);
  assert.deepEqual(common.consistency_scores.other_slots_consistency, []);
});

Deno.test("commonFeatures() finds a relation's own slot where it is not its row", () => {
  const layout = { freeCount: 1, slotCount: 3 };
  const consistency = Float64Array.of(0, /* slots */ 0.1, 0.2, 0.9);
  const { consistency_scores, consistent_slot_indices } = commonFeatures(consistency, layout, {
    row: 0,
    slot: 2,
    samples: 10,
  });
  assert.equal(consistency_scores.target_slot_consistency, 0.9);
  assert.deepEqual(consistency_scores.other_slots_consistency, [0.1, 0.2]);
  assert.deepEqual(consistent_slot_indices, [2]);
});
