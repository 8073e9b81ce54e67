import assert from "node:assert/strict";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import { unexplainedVariance } from "../../lib/sae/reconstruction.ts";
import { decoderOf, type Sae, type SaeKind, saeOf } from "../../lib/sae/sae.ts";

/** An SAE of two features for states of width 2. */
function sae(kind: SaeKind, weight: number[]): Sae {
  const shape = kind === "supervised"
    ? { freeCount: 1, slotCount: 1 }
    : { freeCount: 2, slotCount: 0 };
  return saeOf({ kind, width: 2, featureCount: 2, ...shape }, {
    rows: wholeRows(Float32Array.from(weight), 2),
    bias: new Float32Array(2),
  });
}

const IDENTITY = [1, 0, 0, 1];
const decoder = decoderOf({ weight: Float32Array.from(IDENTITY), bias: new Float32Array(2) });

// Their mean is (0, 0), their variance (1 + 1 + 4 + 4) / 4.
const STATES = rowsInMemory(Float32Array.of(1, 0, -1, 0, 0, 2, 0, -2), 2);

Deno.test("unexplainedVariance() is 0 of an SAE that gives back what it gets", async () => {
  assert.equal(
    await unexplainedVariance(STATES, { sae: sae("supervised", IDENTITY), decoder }, 4),
    0,
  );
});

Deno.test("unexplainedVariance() is 1 of an SAE that gives back the mean", async () => {
  assert.equal(
    await unexplainedVariance(STATES, { sae: sae("supervised", [0, 0, 0, 0]), decoder }, 4),
    1,
  );
});

Deno.test("unexplainedVariance() is above 1 of an SAE that is further off than the mean", async () => {
  const opposite = sae("supervised", [-1, 0, 0, -1]);
  assert.equal(await unexplainedVariance(STATES, { sae: opposite, decoder }, 4), 4);
});

Deno.test("unexplainedVariance() rectifies as a traditional SAE does", async () => {
  // Half of the states are negative, and lost.
  assert.equal(
    await unexplainedVariance(STATES, { sae: sae("traditional", IDENTITY), decoder }, 4),
    0.5,
  );
});

Deno.test("unexplainedVariance() takes a sample of the questions, spread over all", async () => {
  const error = await unexplainedVariance(
    STATES,
    { sae: sae("traditional", IDENTITY), decoder },
    2,
  );
  assert.equal(error, (1 + 4) / 2 / 2.5); // the second and the fourth question
});

Deno.test("unexplainedVariance() cannot tell where nothing varies", async () => {
  const same = rowsInMemory(Float32Array.of(1, 2, 1, 2), 2);
  assert.equal(
    await unexplainedVariance(same, { sae: sae("supervised", IDENTITY), decoder }),
    undefined,
  );
});

Deno.test("unexplainedVariance() says nothing of a transcoder, which predicts other states", async () => {
  const encoder = sae("supervised", IDENTITY);
  const transcoder = { sae: encoder, decoder: { ...decoder, predicts: true } };
  assert.equal(await unexplainedVariance(STATES, transcoder), undefined);
});
