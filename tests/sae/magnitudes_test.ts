import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { LINEAR, RELU } from "../../lib/sae/activation.ts";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import { createEncoder, encodeChecked } from "../../lib/sae/encode/create_encoder.ts";
import type { EncodeInput } from "../../lib/sae/encode/encoder.ts";
import { checkMagnitudes } from "../../lib/sae/magnitudes.ts";
import { expectsGpu } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { randomNumbers } from "../support/tiny_model.ts";

const WIDTH = 16;
const FEATURES = 10;
const WHAT = "layer 3 (sae.pt)";

/** Numbers around 1, then changed; one group of 500 questions. */
function input(change: (parts: Parts) => void = () => {}): EncodeInput {
  const parts: Parts = {
    weight: randomNumbers(FEATURES * WIDTH, 1),
    bias: randomNumbers(FEATURES, 2),
    hidden: randomNumbers(500 * WIDTH, 3),
    activation: LINEAR,
  };
  change(parts);
  const { hidden, weight, ...sae } = parts;
  return {
    hidden: rowsInMemory(hidden, WIDTH),
    groupSizes: [500],
    sae: {
      width: WIDTH,
      featureCount: FEATURES,
      rows: wholeRows(weight, WIDTH),
      ...sae,
      input: [],
      targets: [],
    },
    threshold: 0.1,
  };
}

interface Parts {
  weight: Float32Array<ArrayBuffer>;
  bias: Float32Array<ArrayBuffer>;
  hidden: Float32Array<ArrayBuffer>;
  activation: EncodeInput["sae"]["activation"];
}

function scale(values: Float32Array, factor: number): void {
  values.forEach((value, i) => values[i] = value * factor);
}

const REFUSED: [string, (parts: Parts) => void, RegExp][] = [
  [
    "a bias that sums cannot hold",
    ({ bias }) => bias[5] = 3e38,
    /^layer 3 \(sae\.pt\): the encoder of feature 5 is too large for float32 \(bias 3\.0e\+38, hidden states up to 5\.0e-1\): sums of its activations can pass 3\.4e\+38; .*take another checkpoint$/,
  ],
  [
    "a negative bias of a rectified feature",
    ({ bias }) => bias[7] = -3e37, // 500 of them are beyond float32
    /feature 7 is too large for float32 \(bias 3\.0e\+37/,
  ],
  [
    "weights whose products overflow",
    ({ weight }) => weight.fill(3e38, 5 * WIDTH, 6 * WIDTH),
    /feature 5 is too large for float32 \(weights up to 3\.0e\+38/,
  ],
  [
    "hidden states whose products overflow",
    ({ weight, hidden }) => (scale(weight, 1e18), scale(hidden, 1e19)),
    /feature 0 is too large for float32 \(weights up to \d\.\de\+17, hidden states up to 5\.0e\+18\)/,
  ],
  [
    "a scale that makes too much of an activation",
    (parts) => parts.activation = { scale: new Float32Array(FEATURES).fill(1, 1).fill(1e37, 0, 1) },
    /feature 0 is too large for float32 \(scale 1\.0e\+37/,
  ],
  [
    "an offset",
    (parts) => parts.activation = { ...RELU, offset: new Float32Array(FEATURES).fill(2e38) },
    /feature 0 is too large for float32 \(offset 2\.0e\+38/,
  ],
  [
    "weights below the smallest normal number",
    ({ weight }) => scale(weight, 1e-42),
    /^layer 3 \(sae\.pt\): the greatest weight of its encoder is \d\.\de-43, below 1\.2e-38, where .*: take another checkpoint$/,
  ],
  [
    "hidden states below the smallest normal number",
    ({ hidden }) => scale(hidden, 1e-40),
    /: the greatest number in the language model's hidden states is 5\.0e-41, below 1\.2e-38, .*export it again$/,
  ],
];

for (const [what, change, message] of REFUSED) {
  Deno.test(`checkMagnitudes() refuses what float32 does not carry: ${what}`, async () => {
    await assert.rejects(checkMagnitudes(input(change), WHAT), inputError(message));
  });
}

const ACCEPTED: [string, (parts: Parts) => void][] = [
  ["usual numbers", () => {}],
  ["weights of 0", ({ weight, bias }) => (weight.fill(0), bias.fill(0))],
  ["hidden states of 0", ({ hidden }) => hidden.fill(0)],
  ["some weights that decayed to almost nothing", ({ weight }) => weight.fill(1e-42, 0, 3 * WIDTH)],
  [
    "a feature that decayed, bias and all",
    ({ weight, bias }) => (weight.fill(-1e-43, 0, WIDTH), bias[0] = 1e-44),
  ],
  ["small numbers whose products are below float32", ({ weight, hidden, bias }) => {
    scale(weight, 1e-25);
    scale(hidden, 1e-25);
    bias.fill(0);
  }],
  [
    "large numbers whose sums are not",
    ({ weight, hidden }) => (scale(weight, 1e17), scale(hidden, 1e17)),
  ],
  ["great extremes that never meet", ({ weight, hidden }) => {
    weight.fill(0);
    weight[0] = 2e17;
    hidden.fill(0);
    hidden[0] = 4e17; // 16 products of the extremes would be too large, one is not
  }],
];

for (const device of ["cpu", "wasm", "gpu"] as const) {
  Deno.test({
    name: `encodeChecked() accepts what float32 carries on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async (t) => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const [what, change] of ACCEPTED) {
        await t.step(what, async () => {
          await encodeChecked(encoder, input(change), { what: WHAT, device });
        });
      }
    },
  });
}

Deno.test("checkMagnitudes() looks at a second product, too", async () => {
  const { sae, ...rest } = input();
  const bias = new Float32Array(FEATURES);
  const glu = (factor: number) => {
    const rows = randomNumbers(FEATURES * WIDTH, 4).map((x) => factor * x);
    return { rows: wholeRows(rows, WIDTH), bias };
  };
  await checkMagnitudes({ ...rest, sae: { ...sae, glu: glu(1) } }, WHAT);
  await assert.rejects(
    checkMagnitudes({ ...rest, sae: { ...sae, glu: glu(1e38) } }, WHAT),
    inputError(/^layer 3 \(sae\.pt\), its second product: the encoder of feature \d is too large/),
  );
});
