import assert from "node:assert/strict";
import { refineRows } from "../../lib/features/exact_rows.ts";
import { RELU } from "../../lib/sae/activation.ts";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import type { Sae } from "../../lib/sae/sae.ts";
import { randomNumbers } from "../support/tiny_model.ts";
import { encodeRow } from "../support/sae_rows.ts";

const [WIDTH, COUNT] = [12, 40];
const PLAIN: Sae = {
  width: WIDTH,
  featureCount: COUNT,
  rows: wholeRows(randomNumbers(WIDTH * COUNT, 3), WIDTH),
  bias: new Float32Array(COUNT),
  input: [],
  activation: RELU,
  targets: [],
};

/** Features that are off by a part of the greatest, as those of terms that cancel are. */
async function roughFeatures(
  states: Float32Array,
  part: number,
  sae: Sae = PLAIN,
): Promise<Float32Array> {
  const features = new Float32Array(states.length / WIDTH * COUNT);
  for (let row = 0; row < states.length / WIDTH; row++) {
    const exact = await encodeRow(
      sae,
      Float64Array.from(states.subarray(row * WIDTH, (row + 1) * WIDTH)),
    );
    const greatest = Math.max(...exact);
    features.set(exact.map((z) => z === 0 ? 0 : z + part * greatest), row * COUNT);
  }
  return features;
}

Deno.test("refineRows() computes states again whose features are off in the sixth digit", async () => {
  const states = randomNumbers(3 * WIDTH, 4);
  const exact = await roughFeatures(states, 0);
  const features = await roughFeatures(states, 3e-6);
  assert.equal(await refineRows(PLAIN, states, features), 0);
  assert.deepEqual(features, exact);
});

Deno.test("refineRows() leaves states as they are that are exact enough, and those of zeros", async () => {
  const states = randomNumbers(3 * WIDTH, 4);
  states.fill(0, WIDTH, 2 * WIDTH);
  const features = await roughFeatures(states, 1e-7);
  const before = features.slice();
  assert.equal(await refineRows(PLAIN, states, features), 0);
  assert.deepEqual(features, before);
});

Deno.test("refineRows() knows a second product, and leaves what was picked in float64 as it is", async () => {
  const states = randomNumbers(3 * WIDTH, 4);
  const glu = {
    ...PLAIN,
    glu: { rows: wholeRows(randomNumbers(WIDTH * COUNT, 5), WIDTH), bias: PLAIN.bias },
  };
  const exact = await roughFeatures(states, 0, glu);
  const [rough, fine] = [await roughFeatures(states, 3e-6, glu), exact.map((z) => z * (1 + 1e-7))];
  assert.equal(await refineRows(glu, states, rough), 0);
  assert.deepEqual(rough, exact);
  const before = fine.slice();
  await refineRows(glu, states, fine);
  assert.deepEqual(fine, before);
  const pursuit = { mostPicks: 3, leastLength: 0, stopsAtRepeat: true };
  const picked = new Float32Array(3 * COUNT);
  assert.equal(await refineRows({ ...PLAIN, pursuit }, states, picked), 0);
  assert(picked.every((z) => z === 0));
});
