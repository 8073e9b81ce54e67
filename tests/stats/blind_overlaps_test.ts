import assert from "node:assert/strict";
import { blindOverlaps, drawnRange } from "../../lib/stats/blind_overlaps.ts";
import { listOverlap } from "../../lib/stats/list_overlap.ts";

Deno.test("blind lists share what the hypergeometric law says, in the mean and in how far it varies", () => {
  const draws = 4000;
  for (const [lengths, features] of [[[5, 8], 40], [[50, 50], 1000], [[3, 3], 3]] as const) {
    const found = blindOverlaps(lengths, { features, draws, seed: 1 });
    const mean = found.reduce((a, b) => a + b) / draws;
    const variance = found.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws;
    const [first, second] = lengths;
    const { expected, deviation } = listOverlap(0 + (features === 3 ? 3 : 0), {
      features,
      first,
      second,
    });
    // Four standard errors of a mean of 4,000 draws, and of their variance.
    assert(Math.abs(mean - expected) <= 4 * deviation / Math.sqrt(draws), `${mean}, ${expected}`);
    assert(
      Math.abs(variance / (deviation ** 2 || 1) - Number(deviation > 0)) < 4 * Math.sqrt(3 / draws),
    );
  }
});

Deno.test("of three lists the mean is over pairs, and each feature counts for each pair that has it", () => {
  assert.deepEqual(
    blindOverlaps([2, 2, 2], { features: 2, draws: 39, seed: 1 }),
    Array(39).fill(2),
  );
  const found = blindOverlaps([1, 1, 1], { features: 2, draws: 200, seed: 1 });
  // One of two features: all three are alike (3 pairs of 3), or two of them (1 of 3).
  assert.deepEqual([...new Set(found)].sort(), [1 / 3, 1]);
});

Deno.test("the same seed draws the same, and a list longer than there are features is refused", () => {
  const how = { features: 30, draws: 39, seed: 7 };
  assert.deepEqual(blindOverlaps([4, 9], how), blindOverlaps([4, 9], how));
  assert.notDeepEqual(blindOverlaps([4, 9], how), blindOverlaps([4, 9], { ...how, seed: 8 }));
  assert.throws(() => blindOverlaps([4, 31], how), RangeError);
});

Deno.test("the range leaves out two and a half in a hundred at each end", () => {
  const { low, high } = drawnRange(Array.from({ length: 999 }, (_, i) => i));
  assert.deepEqual([low, high], [24, 974]);
});
