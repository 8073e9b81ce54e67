import assert from "node:assert/strict";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import { RELU } from "../../lib/sae/activation.ts";
import { PursuedState, type Pursuit } from "../../lib/sae/pursuit.ts";
import type { Sae } from "../../lib/sae/sae.ts";
import { encodeRow } from "../support/sae_rows.ts";

const ENDLESS: Pursuit = { mostPicks: 10, leastLength: 0, stopsAtRepeat: false };

/** An SAE of three directions, the third between the others and shorter than 1. */
function saeWith(pursuit: Pursuit): Sae {
  return {
    width: 2,
    featureCount: 3,
    rows: wholeRows(Float32Array.of(1, 0, 0, 1, 0.5, 0.5), 2),
    bias: new Float32Array(3),
    input: [],
    activation: RELU,
    pursuit,
    targets: [],
  };
}

const encode = async (pursuit: Pursuit, state: number[]) => [
  ...await encodeRow(saeWith(pursuit), Float64Array.from(state)),
];

Deno.test("a pick adds its product, and subtracts that much of its direction", () => {
  const state = new PursuedState(Float64Array.of(4, 2), ENDLESS);
  state.pick(2, 3, Float32Array.of(0.5, 0.5));
  assert.deepEqual([...state.activations], [[2, 3]]);
  assert.deepEqual([...state.left], [2.5, 0.5]);
  assert.equal(state.isDone, false);
});

Deno.test("matching pursuit picks what the rest goes along most, not what the state did", async () => {
  // 4 of the first leave (0, 2), of which the second takes all.
  assert.deepEqual(await encode(ENDLESS, [4, 2]), [4, 2, 0]);
  // The first of (5, 5) is the first of three products that are the same.
  assert.deepEqual(await encode({ ...ENDLESS, mostPicks: 1 }, [5, 5]), [5, 0, 0]);
});

Deno.test("matching pursuit ends after so many picks, or with what is too short", async () => {
  assert.deepEqual(await encode({ ...ENDLESS, mostPicks: 1 }, [4, 2]), [4, 0, 0]);
  assert.deepEqual(await encode({ ...ENDLESS, leastLength: 2.1 }, [4, 2]), [4, 0, 0]);
  assert.deepEqual(await encode({ ...ENDLESS, leastLength: 2 }, [4, 2]), [4, 2, 0]);
  // However short it is to begin with, one feature is picked.
  assert.deepEqual(await encode({ ...ENDLESS, leastLength: 100 }, [4, 2]), [4, 0, 0]);
});

Deno.test("matching pursuit picks nothing that the rest goes against, nor of a state of zeros", async () => {
  assert.deepEqual(await encode(ENDLESS, [-1, -2]), [0, 0, 0]);
  assert.deepEqual(await encode(ENDLESS, [0, 0]), [0, 0, 0]);
  assert.deepEqual(await encode(ENDLESS, [-1, 2]), [0, 2, 0]);
});

Deno.test("a feature that is picked again adds up, and ends matching pursuit where that is said", async () => {
  const short: Sae = {
    ...saeWith({ ...ENDLESS, mostPicks: 3 }),
    featureCount: 1,
    rows: wholeRows(Float32Array.of(0.5, 0), 2),
    bias: new Float32Array(1),
  };
  const state = Float64Array.of(8, 1);
  // 4, then 3 of the 6 that are left, then 2.25 of 4.5
  assert.deepEqual([...await encodeRow(short, state)], [9.25]);
  const pursuit = { ...short.pursuit!, stopsAtRepeat: true };
  assert.deepEqual([...await encodeRow({ ...short, pursuit }, state)], [7]);
});
