import assert from "node:assert/strict";
import { decodeRows } from "../../lib/sae/decode.ts";
import type { InputStep } from "../../lib/sae/input.ts";
import { decoderOf, type SaeDecoder } from "../../lib/sae/sae.ts";
import { decodeRow } from "../support/sae_rows.ts";

/** y = (z0 + 2 z1 + 10, 3 z2 - 10) of states of width 2. */
const DECODER = decoderOf({
  weight: Float32Array.of(1, 2, 0, 0, 0, 3),
  bias: Float32Array.of(10, -10),
});
const ACTIVATIONS = Float64Array.of(1, 2, -1);
const STATE = Float64Array.of(3, 7);
const sae = (...input: InputStep[]) => ({ width: 2, input });

Deno.test("decodeRow() adds what each feature gives, signed, and the bias", async () => {
  const decoded = await decodeRow({ sae: sae(), decoder: DECODER }, ACTIVATIONS, STATE);
  assert.deepEqual([...decoded], [15, -13]);
});

Deno.test("decodeRow() undoes what the SAE does to its input, or leaves it where it is not to", async () => {
  const scaled = sae({ kind: "scale", factor: 4 });
  const restored = await decodeRow({ sae: scaled, decoder: DECODER }, ACTIVATIONS, STATE);
  assert.deepEqual([...restored], [15 / 4, -13 / 4]);
  const decoder: SaeDecoder = { ...DECODER, restores: false };
  assert.deepEqual([...await decodeRow({ sae: scaled, decoder }, ACTIVATIONS, STATE)], [15, -13]);
});

Deno.test("decodeRow() multiplies with the deviation without epsilon, and adds the mean", async () => {
  const normed = sae({ kind: "layer_norm", epsilon: 1 });
  const [first, second] = await decodeRow({ sae: normed, decoder: DECODER }, ACTIVATIONS, STATE);
  const deviation = Math.sqrt(8); // of 3 and 7 as a sample, whose mean is 5
  assert(Math.abs(first! - (15 * deviation + 5)) < 1e-12);
  assert(Math.abs(second! - (-13 * deviation + 5)) < 1e-12);
});

Deno.test("decodeRow() adds what the skip connection makes of the state as it is", async () => {
  const decoder: SaeDecoder = {
    ...DECODER,
    restores: false,
    predicts: true,
    skip: Float32Array.of(1, 0, 1, 2),
  };
  const scaled = sae({ kind: "scale", factor: 4 });
  const decoded = await decodeRow({ sae: scaled, decoder }, ACTIVATIONS, STATE);
  assert.deepEqual([...decoded], [15 + 3, -13 + 3 + 2 * 7]);
});

Deno.test("decodeRow() takes a centred state's skip connection of what the SAE is given", async () => {
  const skip = Float32Array.of(1, 0, 0, 2); // of (-2, 2), which is (3, 7) less its mean 5
  const centred = sae({ kind: "centre" }, { kind: "scale", factor: 4 });
  const transcoder: SaeDecoder = { ...DECODER, restores: false, predicts: true, skip };
  const predicted = await decodeRow({ sae: centred, decoder: transcoder }, ACTIVATIONS, STATE);
  assert.deepEqual([...predicted], [15 - 2, -13 + 4]);
  const restored = await decodeRow(
    { sae: centred, decoder: { ...DECODER, skip } },
    ACTIVATIONS,
    STATE,
  );
  assert.deepEqual([...restored], [15 / 4 + 5 - 2, -13 / 4 + 5 + 4]);
});

Deno.test("decodeRow() gives as many numbers as the decoder, not as the state", async () => {
  const decoder = {
    ...decoderOf({ weight: Float32Array.of(1, 1, 1), bias: new Float32Array(1) }),
    skip: Float32Array.of(1, 2),
  };
  assert.deepEqual([...await decodeRow({ sae: sae(), decoder }, ACTIVATIONS, STATE)], [2 + 17]);
});

Deno.test("decodeRows() takes all activations at once or range by range, and gives the same", async () => {
  const states = Float32Array.of(3, 7, 0, 1);
  const activations = Float32Array.of(1, 2, -1, 0, 0, 0.5);
  const whole = await decodeRows({ sae: sae(), decoder: DECODER }, activations, states);
  assert.deepEqual([...whole], [15, -13, 10, -8.5]);
  const byRange = await decodeRows({ sae: sae(), decoder: DECODER }, ({ first, count }) => {
    const rows = [0, 3].map((row) => activations.subarray(row + first, row + first + count));
    return Float32Array.from(rows.flatMap((row) => [...row]));
  }, states);
  assert.deepEqual(byRange, whole);
});

Deno.test("decodeRows() does not read what no row needs", async () => {
  const rows = { width: 2, read: () => Promise.reject(new Error("read")) };
  const decoder = { ...DECODER, rows };
  const decoded = await decodeRows(
    { sae: sae(), decoder },
    new Float32Array(6),
    new Float32Array(4),
  );
  assert.deepEqual([...decoded], [10, -10, 10, -10]);
  assert.equal(
    (await decodeRows({ sae: sae(), decoder }, new Float32Array(), new Float32Array())).length,
    0,
  );
});
