/** SAEs of several products, on every backend, against float64. */
import assert from "node:assert/strict";
import { openDevice } from "../../../lib/compute/device.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { type Activation, RELU } from "../../../lib/sae/activation.ts";
import { encodeRows } from "../../../lib/sae/encode_row.ts";
import { createEncoder, encodeChecked } from "../../../lib/sae/encode/create_encoder.ts";
import type { Encoded, EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import { encodeKept } from "../../../lib/sae/encode/kept_features.ts";
import { EXTRA_REDUCTIONS } from "../../../lib/sae/encode/reductions.ts";
import { findDisagreement } from "../../../lib/sae/encode/self_check.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import type { Sae } from "../../../lib/sae/sae.ts";
import { expectsGpu } from "../../support/gpu.ts";
import { randomNumbers } from "../../support/tiny_model.ts";
import { inputError } from "../../support/input_errors.ts";

const [WIDTH, FEATURES] = [18, 70]; // neither is a multiple of a tile
const GROUPS = [5, 260]; // the second is more than a tile
const QUESTIONS = 265;
/** Sums of 18 terms of the order of 1, rounded; of 260 of them. */
const [TOLERANCE, SUM_TOLERANCE] = [1e-5, 2e-3];
const KEPT = [69, 3, 20];

function weights(seed: number) {
  return {
    rows: wholeRows(randomNumbers(FEATURES * WIDTH, seed), WIDTH),
    bias: randomNumbers(FEATURES, seed + 1),
  };
}

function gluWith(activation: Activation): Sae {
  const sizes = { width: WIDTH, featureCount: FEATURES };
  return { ...sizes, ...weights(2), glu: weights(4), input: [], activation, targets: [] };
}

/** Directions of the length 1, but for two that are nearly the same, which float32 cannot tell apart. */
async function pursuitSae(): Promise<Sae> {
  const matrix = (await weights(7).rows.read(0, FEATURES)).slice();
  for (let at = 0; at < matrix.length; at += WIDTH) {
    const row = matrix.subarray(at, at + WIDTH);
    const length = Math.hypot(...row);
    for (let i = 0; i < WIDTH; i++) row[i]! /= length;
  }
  matrix.copyWithin(40 * WIDTH, 10 * WIDTH, 11 * WIDTH);
  matrix[40 * WIDTH]! *= 1 + 2 ** -22;
  return {
    ...gluWith(RELU),
    rows: wholeRows(matrix, WIDTH),
    bias: new Float32Array(FEATURES),
    glu: undefined,
    pursuit: { mostPicks: 9, leastLength: 0.3, stopsAtRepeat: true },
  };
}

const SAES: Readonly<Record<string, () => Sae | Promise<Sae>>> = {
  "a second product, ReLU": () => gluWith(RELU),
  "a second product, JumpReLU": () => gluWith({ threshold: randomNumbers(FEATURES, 6) }),
  "a second product, top-k": () =>
    gluWith({
      threshold: { k: 7, by: "value" },
      floor: 0,
      scale: randomNumbers(FEATURES, 9).map(Math.exp),
    }),
  "a second product, top-k by magnitude in groups": () =>
    gluWith({ threshold: { k: 2, by: "magnitude", groups: 5 } }),
  "matching pursuit": pursuitSae,
};

function inputOf(sae: Sae): EncodeInput {
  const hidden = rowsInMemory(randomNumbers(QUESTIONS * WIDTH, 1), WIDTH);
  return { hidden, groupSizes: GROUPS, sae, threshold: 0.1, kept: KEPT, also: EXTRA_REDUCTIONS };
}

async function exactly({ hidden, sae }: EncodeInput): Promise<Float64Array[]> {
  const states = Array.from(
    { length: hidden.count },
    (_, question) => Float64Array.from(hidden.read(question, 1)),
  );
  return await encodeRows(sae, states);
}

/** All columns, as somebody is handed them. */
function collector() {
  const values = new Float32Array(FEATURES * QUESTIONS);
  return {
    values,
    columns: ({ first, values: some }: { first: number; values: Float32Array }) => {
      values.set(some, first * QUESTIONS);
    },
  };
}

/** All that is reduced of a group is what its activations come to. */
function checkReductions(exact: readonly Float64Array[], { reductions }: Encoded): void {
  let start = 0;
  GROUPS.forEach((size, group) => {
    for (let feature = 0; feature < FEATURES; feature++) {
      const own = exact.slice(start, start + size).map((row) => row[feature]!);
      const cell = group * FEATURES + feature;
      const near = (found: number, expected: number, tolerance = TOLERANCE) =>
        assert(Math.abs(found - expected) < tolerance, `${found} is not ${expected}`);
      near(reductions.sums[cell]!, own.reduce((a, b) => a + b), SUM_TOLERANCE);
      near(reductions.squares![cell]!, own.reduce((a, b) => a + b * b, 0), SUM_TOLERANCE);
      near(reductions.maxima[cell]!, Math.max(...own));
      near(reductions.minima![cell]!, Math.min(...own));
      near(own[reductions.maximaAt![cell]! - start]!, Math.max(...own));
      near(own[reductions.minimaAt![cell]! - start]!, Math.min(...own));
      const [least, most] = [0.1 + TOLERANCE, 0.1 - TOLERANCE]
        .map((bound) => own.filter((z) => z > bound).length);
      const count = reductions.counts[cell]!;
      assert(count >= least! && count <= most!);
    }
    start += size;
  });
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const [name, make] of Object.entries(SAES)) {
    // by one threshold and by several, top-k alone and in groups: what is composed is the same
    const isLike = name.endsWith("JumpReLU") || name.endsWith("top-k");
    if (device === "gpu" && isLike) continue; // one made of software takes its time
    Deno.test({
      name: `Encoder.encode() agrees with float64 on ${device}, ${name}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using opened = await openDevice(device);
        await using encoder = createEncoder(opened);
        const input = inputOf(await make());
        const { values, columns } = collector();
        // Runs of 16 features: 4 arrays of 265 questions
        const encoded = await encodeChecked(encoder, {
          ...input,
          columns,
          columnBytes: 4 * 4 * 16 * QUESTIONS,
        }, { what: "it", device });
        const exact = await exactly(input);
        checkReductions(exact, encoded);
        exact.forEach((row, question) => {
          row.forEach((z, feature) => {
            const found = values[feature * QUESTIONS + question]!;
            assert(Math.abs(found - z) < TOLERANCE, `${question}, ${feature}: ${found}, not ${z}`);
          });
          KEPT.forEach((feature, place) => {
            const found = encoded.keptActivations[question * KEPT.length + place];
            assert.equal(found, values[feature * QUESTIONS + question]);
          });
        });
      },
    });
  }
}

/** A backend that gives the wrong products for one feature. */
async function encodeWrongly(input: EncodeInput, wrongFeature?: number): Promise<Encoded> {
  using opened = await openDevice("cpu");
  await using encoder = createEncoder(opened);
  return await encodeKept(input, async (task) => {
    const encoded = await encoder.encode(task);
    const { kept, sae } = task;
    if (wrongFeature === undefined || kept.count !== sae.featureCount) return encoded;
    for (let i = wrongFeature; i < encoded.keptActivations.length; i += kept.count) {
      encoded.keptActivations[i]! += 1;
    }
    return encoded;
  });
}

Deno.test("what a backend gets wrong is found in SAEs of several products", async () => {
  for (const [name, make] of Object.entries(SAES)) {
    if (name.endsWith("in groups")) continue; // each group is held against float64 by itself
    const input = inputOf(await make());
    assert.equal(await findDisagreement(input, await encodeWrongly(input)), undefined, name);
    // The last feature is among those that are looked at.
    const wrong = await findDisagreement(input, await encodeWrongly(input, FEATURES - 1));
    assert.equal(wrong?.feature, FEATURES - 1, name);
  }
});

Deno.test("matching pursuit with directions so long that the rest grows is refused", async () => {
  const sae = await pursuitSae();
  const rows = wholeRows((await sae.rows.read(0, FEATURES)).map((x) => 1e4 * x), WIDTH);
  const pursuit = { mostPicks: 100, leastLength: 0, stopsAtRepeat: false };
  using opened = await openDevice("cpu");
  await using encoder = createEncoder(opened);
  await assert.rejects(
    encoder.encode(inputOf({ ...sae, rows, pursuit })),
    inputError(/grows with every feature .* directions are longer than 1/),
  );
});
