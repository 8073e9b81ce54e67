import assert from "node:assert/strict";
import {
  supervisedStatistics,
  traditionalStatistics,
} from "../../lib/stats/activation_statistics.ts";

Deno.test("supervisedStatistics() describes a relation by its free features and slots", () => {
  const means = Float32Array.of(
    ...[9, 9, /* slots */ 9, 9, 9],
    ...[1, 3, /* slots */ 2, 4, 0.5],
  );
  assert.deepEqual(
    supervisedStatistics(means, { freeCount: 2, slotCount: 3 }, { row: 1, slot: 1 }),
    {
      free_features_mean: 2,
      free_features_std: 1,
      free_features_max: 3,
      relation_slots: [2, 4, 0.5],
      target_slot_activation: 4,
      other_slots_mean: 1.25,
      top_100_features: {
        indices: [3, 1, 2, 0, 4],
        values: [4, 3, 2, 1, 0.5],
        n_free_in_top100: 2,
        n_slots_in_top100: 3,
      },
    },
  );
});

Deno.test("supervisedStatistics() finds a relation's own slot where it is not its row", () => {
  const means = Float32Array.of(0, /* slots */ 1, 2, 6);
  const layout = { freeCount: 1, slotCount: 3 };
  const statistics = supervisedStatistics(means, layout, { row: 0, slot: 2 });
  assert.equal(statistics.target_slot_activation, 6);
  assert.equal(statistics.other_slots_mean, 1.5);
});

Deno.test("supervisedStatistics() has no mean of the other slots if there is one slot", () => {
  const means = Float32Array.of(1, /* slot */ 2);
  const layout = { freeCount: 1, slotCount: 1 };
  assert.equal(supervisedStatistics(means, layout, { row: 0, slot: 0 }).other_slots_mean, null);
});

Deno.test("supervisedStatistics() describes slots that are all negative", () => {
  const means = Float32Array.of(-1, -2, /* slots */ -3, -0.5);
  const layout = { freeCount: 2, slotCount: 2 };
  const statistics = supervisedStatistics(means, layout, { row: 0, slot: 0 });
  assert.equal(statistics.free_features_max, -1);
  assert.equal(statistics.target_slot_activation, -3);
  assert.equal(statistics.other_slots_mean, -0.5);
  assert.deepEqual(statistics.top_100_features.indices, [3, 0, 1, 2]);
});

Deno.test("supervisedStatistics() lists 100 of more features and counts the slots among them", () => {
  // Feature i has the value 1 - i, but for the last slot, which comes first; the other is 101st.
  const means = Float32Array.from({ length: 102 }, (_, i) => i === 101 ? 7 : 1 - i);
  const layout = { freeCount: 100, slotCount: 2 };
  const { top_100_features } = supervisedStatistics(means, layout, { row: 0, slot: 0 });
  assert.deepEqual(top_100_features.indices, [101, ...Array(99).keys()]);
  assert.deepEqual(top_100_features.values.slice(0, 3), [7, 1, 0]);
  assert.equal(top_100_features.n_free_in_top100, 99);
  assert.equal(top_100_features.n_slots_in_top100, 1);
});

Deno.test("supervisedStatistics() puts the lower feature first among equal ones", () => {
  const means = Float32Array.of(1, 2, /* slots */ 2, 1);
  const layout = { freeCount: 2, slotCount: 2 };
  const { top_100_features } = supervisedStatistics(means, layout, { row: 0, slot: 0 });
  assert.deepEqual(top_100_features.indices, [1, 2, 0, 3]);
});

Deno.test("traditionalStatistics() describes a relation by all its features", () => {
  const means = Float32Array.of(
    ...[9, 9, 9, 9],
    ...[0, 3, 0, 1],
  );
  assert.deepEqual(traditionalStatistics(means, { freeCount: 4, slotCount: 0 }, 1), {
    all_features_mean: 1,
    all_features_std: Math.sqrt(1.5), // of the squares 1, 4, 1, 0
    all_features_max: 3,
    top_100_features: { indices: [1, 3, 0, 2], values: [3, 1, 0, 0] },
  });
});

Deno.test("traditionalStatistics() lists 100 of more features", () => {
  const means = Float32Array.from({ length: 120 }, (_, i) => i);
  const { top_100_features } = traditionalStatistics(means, { freeCount: 120, slotCount: 0 }, 0);
  assert.equal(top_100_features.indices.length, 100);
  assert.equal(top_100_features.indices[99], 20);
});
