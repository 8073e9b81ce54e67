import assert from "node:assert/strict";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import {
  activate,
  type Activation,
  activationOf,
  LINEAR,
  RELU,
} from "../../../lib/sae/activation.ts";
import { encodeChecked } from "../../../lib/sae/encode/create_encoder.ts";
import type { Encoded, EncodeInput, Encoder } from "../../../lib/sae/encode/encoder.ts";
import { emptyReductions } from "../../../lib/sae/encode/reductions.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import { sampleFeatures } from "../../../lib/sae/encode/disagreement.ts";
import { findDisagreement } from "../../../lib/sae/encode/self_check.ts";
import { inputError } from "../../support/input_errors.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

const WIDTH = 32;
const FEATURES = 20;

/** One of each kind; thresholds lie among the values, so that some features are on and some off. */
const ACTIVATIONS = {
  linear: LINEAR,
  relu: RELU,
  jumprelu: { threshold: randomNumbers(FEATURES, 4) },
  gated: {
    threshold: randomNumbers(FEATURES, 5),
    scale: randomNumbers(FEATURES, 6).map(Math.exp),
    offset: randomNumbers(FEATURES, 7),
    floor: 0,
  },
} satisfies Record<string, Activation>;

/** Two groups of three and five questions. */
function input(name: keyof typeof ACTIVATIONS = "linear"): EncodeInput {
  return {
    hidden: rowsInMemory(randomNumbers(8 * WIDTH, 1), WIDTH),
    groupSizes: [3, 5],
    sae: {
      width: WIDTH,
      featureCount: FEATURES,
      rows: wholeRows(randomNumbers(FEATURES * WIDTH, 2), WIDTH),
      bias: randomNumbers(FEATURES, 3),
      activation: ACTIVATIONS[name],
      input: [],
      targets: [17, 18, 19].slice(name === "relu" ? 3 : 0)
        .map((feature, group) => ({ feature, group })),
    },
    threshold: 0.1,
  };
}

/** What a right backend gives: every activation rounded to float32, as its sums are. */
async function encode({ hidden, groupSizes, sae, threshold }: EncodeInput): Promise<Encoded> {
  const { width, featureCount, targets } = sae;
  const weight = await sae.rows.read(0, featureCount);
  const reductions = emptyReductions({ groupSizes }, featureCount);
  const keptActivations = new Float32Array(hidden.count * targets.length);
  const rows = hidden.read(0, hidden.count);
  let question = 0;
  groupSizes.forEach((size, group) => {
    for (const end = question + size; question < end; question++) {
      for (let feature = 0; feature < featureCount; feature++) {
        let p = 0;
        for (let i = 0; i < width; i++) {
          const term = Math.fround(weight[feature * width + i]! * rows[question * width + i]!);
          p = Math.fround(p + term);
        }
        p = Math.fround(p + sae.bias[feature]!);
        const z = Math.fround(activate(activationOf(sae.activation, feature), p));
        const cell = group * featureCount + feature;
        reductions.sums[cell]! += z;
        reductions.maxima[cell] = Math.max(reductions.maxima[cell]!, z);
        if (z > threshold) reductions.counts[cell]!++;
        targets.forEach((target, i) => {
          if (target.feature === feature) keptActivations[question * targets.length + i] = z;
        });
      }
    }
  });
  return { reductions, keptActivations };
}

for (const name of Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]) {
  Deno.test(`findDisagreement() finds nothing where float32 is right, ${name}`, async () => {
    assert.equal(await findDisagreement(input(name), await encode(input(name))), undefined);
  });
}

const WRONG_SLOTS: [string, (slots: Float32Array) => void, string][] = [
  ["NaN for every question", (slots) => slots.fill(NaN), "activation for question 0"],
  ["7 for every question", (slots) => slots.fill(7), "activation for question 0"],
  ["0 for every question", (slots) => slots.fill(0), "activation for question 0"],
  ["NaN once", (slots) => slots[3 * 7 + 2] = NaN, "mean of the activations kept"],
  ["infinite once", (slots) => slots[3 * 7 + 2] = Infinity, "mean of the activations kept"],
  ["minus infinity once", (slots) => slots[3 * 7 + 2] = -Infinity, "mean of the activations kept"],
  ["one off", (slots) => slots[3 * 7 + 2]! += 0.01, "mean of the activations kept"],
  [
    "two slots exchanged",
    (slots) => {
      for (let i = 0; i < slots.length; i += 3) slots.subarray(i, i + 2).reverse();
    },
    "activation for question 0",
  ],
  [
    "two questions exchanged",
    (slots) => slots.set([...slots.subarray(9, 12), ...slots.subarray(12, 15)].reverse(), 9),
    "activation for question 3",
  ],
  [
    "a mean that is right and a maximum that is not",
    (slots) => (slots[3 * 7 + 2]! += 5, slots[3 * 6 + 2]! -= 5),
    "greatest of the activations kept",
  ],
];

for (const [what, spoil, found] of WRONG_SLOTS) {
  Deno.test(`findDisagreement() finds slot activations that are wrong: ${what}`, async () => {
    const encoded = await encode(input());
    spoil(encoded.keptActivations);
    assert.equal((await findDisagreement(input(), encoded))?.what, found);
  });
}

Deno.test("findDisagreement() finds a slot that is wrong in all that is said of it", async () => {
  const encoded = await encode(input());
  const feature = FEATURES - 2; // not one of the sample
  const { reductions, keptActivations } = encoded;
  for (let question = 0; question < 8; question++) keptActivations[question * 3 + 1] = 7;
  [0, 1].forEach((group) => {
    reductions.sums[group * FEATURES + feature] = 7 * reductions.groupSizes[group]!;
    reductions.maxima[group * FEATURES + feature] = 7;
  });
  const { by, what, found } = (await findDisagreement(input(), encoded))!;
  assert.deepEqual([by, what, found], ["float64", "activation for question 1", 7]);
});

/** An SAE of one feature whose terms are given, for one question. */
function terms(products: number[], scale = 1): EncodeInput {
  return {
    hidden: rowsInMemory(Float32Array.from(products, (value) => value / scale), products.length),
    groupSizes: [1],
    sae: {
      width: products.length,
      featureCount: 1,
      rows: wholeRows(new Float32Array(products.length).fill(scale), products.length),
      bias: new Float32Array(1),
      activation: LINEAR,
      input: [],
      targets: [{ feature: 0, group: 0 }],
    },
    threshold: 0.1,
  };
}

Deno.test("findDisagreement() allows for what float32 loses where terms cancel", async () => {
  const cancelling = Array.from({ length: 1600 }, (_, i) => (i % 2 === 0 ? 1e4 : -1e4) + i / 1600);
  assert.equal(
    await findDisagreement(terms(cancelling), await encode(terms(cancelling))),
    undefined,
  );
});

Deno.test("findDisagreement() allows for roundings that all point the same way", async () => {
  const same = Array.from({ length: 16384 }, () => 0.1);
  const encoded = await encode(terms(same));
  const exact = 0.1 * same.length;
  assert(Math.abs(encoded.reductions.sums[0]! - exact) > 64 * 2 ** -24 * exact, "as they do here");
  assert.equal(await findDisagreement(terms(same), encoded), undefined);
});

Deno.test("findDisagreement() does not mind numbers so small that GPUs take them for 0", async () => {
  for (const scale of [1, 1e-20, 1e20]) {
    const input = terms(Array.from({ length: 32 }, () => 1e-40), scale);
    const encoded = await encode(input);
    encoded.reductions.sums[0] = 0;
    encoded.reductions.maxima[0] = 0;
    encoded.keptActivations[0] = 0;
    assert.equal(await findDisagreement(input, encoded), undefined);
  }
});

Deno.test("findDisagreement() lets a feature be on or off at its very threshold, but not beside it", async () => {
  for (const [p, isAllowed] of [[0.5, true], [0.5 + 2 ** -24, true], [0.51, false]] as const) {
    const { sae, ...rest } = terms([p]);
    const input = { ...rest, sae: { ...sae, activation: { threshold: 0.5 } } };
    for (const z of [0, p]) {
      const encoded = await encode(input);
      encoded.reductions.sums[0] = z;
      encoded.reductions.maxima[0] = z;
      encoded.reductions.counts[0] = Number(z > 0.1);
      encoded.keptActivations[0] = z;
      const isRight = isAllowed || z === p;
      assert.equal(await findDisagreement(input, encoded) === undefined, isRight, `${z} of ${p}`);
    }
  }
});

for (const feature of sampleFeatures(FEATURES)) {
  Deno.test(`findDisagreement() finds a wrong sum, maximum or count of feature ${feature}`, async () => {
    const cell = FEATURES + feature; // of the second group
    const wrongs: [string, (encoded: Encoded) => void][] = [
      ["mean activation", ({ reductions }) => reductions.sums[cell]! += 1e-3],
      ["mean activation", ({ reductions }) => reductions.sums[cell] = NaN],
      ["greatest activation", ({ reductions }) => reductions.maxima[cell]! += 1e-3],
      ["number of activations above 0.1", ({ reductions }) => reductions.counts[cell]! += 6],
    ];
    for (const [what, spoil] of wrongs) {
      const encoded = await encode(input());
      spoil(encoded);
      const found = (await findDisagreement(input(), encoded))!;
      assert.deepEqual([found.what, found.feature, found.group], [what, feature, 1]);
    }
  });
}

Deno.test("findDisagreement() notices a backend that leaves out one term of a sum", async () => {
  const { hidden, ...rest } = input();
  const rows = hidden.read(0, 8).slice();
  rows[7 * WIDTH + 5] = 0;
  const encoded = await encode({ ...rest, hidden: rowsInMemory(rows, WIDTH) });
  assert.equal((await findDisagreement(input(), encoded))?.group, 1);
});

Deno.test("sampleFeatures() are spread over all, the first and the last among them", () => {
  assert.deepEqual(sampleFeatures(10_006), [0, 1429, 2859, 4288, 5717, 7146, 8576, 10_005]);
  assert.deepEqual(sampleFeatures(3), [0, 1, 2]);
  assert.deepEqual(sampleFeatures(1), [0]);
});

Deno.test("encodeChecked() stops where the device computes wrongly, and names all there is to know", async () => {
  const encoder: Encoder = {
    backend: "wgsl",
    tileQuestions: 128,
    encode: async (given) => {
      const encoded = await encode(given);
      encoded.reductions.sums[0] = 0.25;
      return encoded;
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
