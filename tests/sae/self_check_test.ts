import assert from "node:assert/strict";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { encodeChecked } from "../../lib/sae/create_encoder.ts";
import type { Encoded, EncodeInput, Encoder } from "../../lib/sae/encoder.ts";
import { emptyMoments } from "../../lib/sae/moments.ts";
import { findDisagreement, sampleFeatures } from "../../lib/sae/self_check.ts";
import { inputError } from "../support/input_errors.ts";
import { randomNumbers } from "../support/tiny_model.ts";

const WIDTH = 32;
const FEATURES = 20;

/** Two groups of three and five questions. */
function input(kind: "supervised" | "traditional" = "supervised"): EncodeInput {
  return {
    hidden: rowsInMemory(randomNumbers(8 * WIDTH, 1), WIDTH),
    groupSizes: [3, 5],
    sae: {
      kind,
      width: WIDTH,
      featureCount: FEATURES,
      freeCount: kind === "supervised" ? FEATURES - 2 : FEATURES,
      slotCount: kind === "supervised" ? 2 : 0,
      weight: randomNumbers(FEATURES * WIDTH, 2),
      bias: randomNumbers(FEATURES, 3),
    },
    threshold: 0.1,
  };
}

/** What a right backend gives: every activation rounded to float32, as its sums are. */
function encode({ hidden, groupSizes, sae, threshold }: EncodeInput): Encoded {
  const moments = emptyMoments(groupSizes, FEATURES);
  const rows = hidden.read(0, hidden.count);
  let question = 0;
  groupSizes.forEach((size, group) => {
    for (const end = question + size; question < end; question++) {
      for (let feature = 0; feature < FEATURES; feature++) {
        let z = sae.bias[feature]!;
        for (let i = 0; i < WIDTH; i++) {
          const term = Math.fround(sae.weight[feature * WIDTH + i]! * rows[question * WIDTH + i]!);
          z = Math.fround(z + term);
        }
        if (sae.kind === "traditional") z = Math.max(0, z);
        const cell = group * FEATURES + feature;
        moments.sums[cell]! += z;
        moments.maxima[cell] = Math.max(moments.maxima[cell]!, z);
        if (z > threshold) moments.counts[cell]!++;
      }
    }
  });
  return { moments, slotActivations: new Float32Array(8 * sae.slotCount) };
}

for (const kind of ["supervised", "traditional"] as const) {
  Deno.test(`findDisagreement() finds nothing where float32 is right, ${kind} SAE`, () => {
    assert.equal(findDisagreement(input(kind), encode(input(kind))), undefined);
  });
}

for (const feature of sampleFeatures(FEATURES)) {
  Deno.test(`findDisagreement() finds a wrong sum, maximum or count of feature ${feature}`, () => {
    const cell = FEATURES + feature; // of the second group
    const wrongs: [string, (encoded: Encoded) => void][] = [
      ["mean activation", ({ moments }) => moments.sums[cell]! += 1e-3],
      ["mean activation", ({ moments }) => moments.sums[cell] = NaN],
      ["greatest activation", ({ moments }) => moments.maxima[cell]! += 1e-3],
      ["number of activations above 0.1", ({ moments }) => moments.counts[cell]! += 6],
    ];
    for (const [what, spoil] of wrongs) {
      const encoded = encode(input());
      spoil(encoded);
      const found = findDisagreement(input(), encoded)!;
      assert.deepEqual([found.what, found.feature, found.group], [what, feature, 1]);
    }
  });
}

Deno.test("findDisagreement() notices a backend that leaves out one term of a sum", () => {
  const { hidden, ...rest } = input();
  const rows = hidden.read(0, 8).slice();
  rows[7 * WIDTH + 5] = 0;
  const encoded = encode({ ...rest, hidden: rowsInMemory(rows, WIDTH) });
  assert.equal(findDisagreement(input(), encoded)?.group, 1);
});

Deno.test("sampleFeatures() are spread over all, the first and the last among them", () => {
  assert.deepEqual(sampleFeatures(10_006), [0, 1429, 2859, 4288, 5717, 7146, 8576, 10_005]);
  assert.deepEqual(sampleFeatures(3), [0, 1, 2]);
  assert.deepEqual(sampleFeatures(1), [0]);
});

Deno.test("encodeChecked() stops where the device computes wrongly, and names all there is to know", async () => {
  const encoder: Encoder = {
    backend: "wgsl",
    encode: (given) => {
      const encoded = encode(given);
      encoded.moments.sums[0] = 0.25;
      return Promise.resolve(encoded);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await assert.rejects(
    encodeChecked(encoder, input(), { what: "layer 6", device: "Some GPU" }),
    inputError(
      /^Some GPU computes wrongly: in layer 6 the mean activation of feature 0 for relation 0 in order is 0\.0833\d*, but -?\d\.\d+ in float64; /,
    ),
  );
});
