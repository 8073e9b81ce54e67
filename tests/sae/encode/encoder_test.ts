/** Every backend against a float64 computation of the same formulas. */
import assert from "node:assert/strict";
import { type Activation, LINEAR, RELU } from "../../../lib/sae/activation.ts";
import { openDevice } from "../../../lib/compute/device.ts";
import type { Gpu } from "../../../lib/compute/gpu.ts";
import { loadNativeRuntime } from "../../../lib/compute/native_runtime.ts";
import { InputError } from "../../../lib/base/errors.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { createEncoder, encodeChecked } from "../../../lib/sae/encode/create_encoder.ts";
import type { Encoded, EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import { emptyReductions, EXTRA_REDUCTIONS } from "../../../lib/sae/encode/reductions.ts";
import { addReductions } from "../../../lib/sae/encode/merge_reductions.ts";
import { type SaeKind, saeOf, type SaeShape, type Target } from "../../../lib/sae/sae.ts";
import { DEFAULT_TILE, tileName, TILES } from "../../../lib/sae/encode/tile_product.ts";
import { WebGpuEncoder } from "../../../lib/sae/encode/webgpu_encoder.ts";
import { expectsGpu, gpuTest, reportNoMemory, trackBuffers } from "../../support/gpu.ts";
import { inputError } from "../../support/input_errors.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

/**
 * Groups that fill tiles of 128 and 256 questions exactly, by one, and not at all. The largest sum
 * here is of 300 activations of the order of 1: float32 keeps it to about 3e-5.
 */
const GROUPS = [128, 1, 129, 300];
const TOLERANCE = 1e-4;

/** How large an input is to be where it is not as most are. */
interface Sizes extends Partial<SaeShape> {
  readonly groupSizes?: readonly number[];
}

function randomInput(kind: SaeKind, sizes: Sizes = {}): EncodeInput {
  const { width = 18, freeCount = 131 } = sizes; // neither is a multiple of a tile
  const { groupSizes = GROUPS } = sizes;
  const slotCount = kind === "traditional" ? 0 : sizes.slotCount ?? 7;
  const featureCount = freeCount + slotCount;
  const questions = groupSizes.reduce((a, b) => a + b);
  return {
    hidden: rowsInMemory(randomNumbers(questions * width, 1), width),
    groupSizes,
    sae: saeOf({ kind, width, featureCount, freeCount, slotCount }, {
      rows: wholeRows(randomNumbers(featureCount * width, 2), width),
      bias: randomNumbers(featureCount, 3),
    }),
    threshold: 0.1,
  };
}

/** z of p, all features of a question, from the formula alone. */
function formula({ threshold, floor, scale, offset }: Activation, p: readonly number[]): number[] {
  const isKept = keeps(threshold, p);
  return p.map((value, feature) => {
    const z = (scale?.[feature] ?? 1) * value + (offset?.[feature] ?? 0);
    return isKept(value, feature) ? Math.max(floor ?? -Infinity, z) : 0;
  });
}

function keeps(threshold: Activation["threshold"], p: readonly number[]) {
  if (threshold instanceof Float32Array) return (p: number, i: number) => p > threshold[i]!;
  if (typeof threshold !== "object") return (p: number) => p > (threshold ?? -Infinity);
  const size = threshold.by === "magnitude" ? Math.abs : (p: number) => p;
  const order = p.map((_, i) => i).sort((a, b) => size(p[b]!) - size(p[a]!) || a - b);
  const { k, groups = 1 } = threshold;
  const groupOf = (feature: number) => Math.floor(feature * groups / p.length);
  const kept = new Set(
    Map.groupBy(order, groupOf).values().flatMap((features) => features.slice(0, k)),
  );
  return (_: number, i: number) => kept.has(i);
}

/** Activations in float64, `[questions][features]`. */
async function activations({ hidden, sae }: EncodeInput): Promise<number[][]> {
  const { width, featureCount, rows, bias, activation } = sae;
  const weight = await rows.read(0, featureCount);
  const states = hidden.read(0, hidden.count);
  return Array.from(
    { length: hidden.count },
    (_, question) =>
      formula(
        activation,
        Array.from({ length: featureCount }, (_, feature) => {
          let p = 0;
          for (let i = 0; i < width; i++) {
            p += weight[feature * width + i]! * states[question * width + i]!;
          }
          return p + bias[feature]!;
        }),
      ),
  );
}

async function checkEncoded(
  input: EncodeInput,
  { reductions, keptActivations }: Encoded,
): Promise<number> {
  const { groupSizes, sae: { featureCount, targets }, threshold } = input;
  const z = await activations(input);
  let worst = 0;
  let start = 0;
  groupSizes.forEach((size, group) => {
    for (let feature = 0; feature < featureCount; feature++) {
      const values = z.slice(start, start + size).map((row) => row[feature]!);
      const cell = group * featureCount + feature;
      const sum = values.reduce((a, b) => a + b);
      worst = Math.max(worst, Math.abs(reductions.sums[cell]! - sum));
      worst = Math.max(worst, Math.abs(reductions.maxima[cell]! - Math.max(...values)));
      // Float32 cannot tell on which side of the threshold an activation lies that is on it.
      const [low, high] = [threshold + 1e-6, threshold - 1e-6].map((bound) => {
        return values.filter((value) => value > bound).length;
      });
      const count = reductions.counts[cell]!;
      assert(low! <= count && count <= high!, `count ${count} of feature ${feature}`);
    }
    start += size;
  });
  assert.equal(keptActivations.length, z.length * targets.length);
  keptActivations.forEach((value, i) => {
    const exact = z[Math.floor(i / targets.length)]![targets[i % targets.length]!.feature]!;
    worst = Math.max(worst, Math.abs(value - exact));
  });
  return worst;
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const kind of ["supervised", "traditional"] as const) {
    Deno.test({
      name: `Encoder.encode() agrees with float64 on ${device}, ${kind} SAE`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using opened = await openDevice(device);
        await using encoder = createEncoder(opened);
        const input = randomInput(kind);
        const error = await checkEncoded(input, await encoder.encode(input));
        console.log(`${encoder.backend}: sums, maxima and slots within ${error.toExponential(1)}`);
        assert(error < TOLERANCE);
      },
    });
  }

  Deno.test({
    name: `Encoder.encode() handles one free feature, one slot and width 1 on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const input = randomInput("supervised", { width: 1, freeCount: 1, slotCount: 1 });
      assert(await checkEncoded(input, await encoder.encode(input)) < TOLERANCE);
    },
  });

  if (device === "gpu") continue; // its chunks have a test of their own
  Deno.test({
    name: `Encoder.encode() handles more features than fit into one chunk on ${device}`,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const input = randomInput("supervised", { width: 2, freeCount: 4096 + 5, slotCount: 20 });
      assert(await checkEncoded(input, await encoder.encode(input)) < TOLERANCE);
    },
  });
}

/** How features become active, one of each kind there is. Thresholds lie among the values. */
const ACTIVATIONS: Record<string, (features: number) => Activation> = {
  linear: () => LINEAR,
  ReLU: () => RELU,
  JumpReLU: (features) => ({ threshold: randomNumbers(features, 4) }),
  "JumpReLU of some features, linear of others": (features) => ({
    threshold: randomNumbers(features, 4).map((value, i) => i % 3 === 0 ? -Infinity : value),
  }),
  BatchTopK: () => ({ threshold: 0.31 }),
  gated: (features) => ({
    threshold: randomNumbers(features, 5),
    scale: randomNumbers(features, 6).map(Math.exp),
    offset: randomNumbers(features, 7),
    floor: 0,
  }),
  "a floor and an offset": (features) => ({ floor: -0.2, offset: randomNumbers(features, 8) }),
  "a floor alone": () => ({ floor: 0.125 }),
  "top-k": () => ({ threshold: { k: 9, by: "value" }, floor: 0 }),
  "top-1, signed": () => ({ threshold: { k: 1, by: "value" } }),
  "top-k of nearly all": (features) => ({ threshold: { k: features - 1, by: "value" } }),
  "top-k of all": (features) => ({ threshold: { k: features, by: "value" }, floor: 0 }),
  "top-k by magnitude, scaled": (features) => ({
    threshold: { k: 23, by: "magnitude" },
    scale: randomNumbers(features, 9),
  }),
  groupmax: () => ({ threshold: { k: 1, by: "value", groups: 6 }, floor: 0 }),
  "top-k of each of two groups": () => ({ threshold: { k: 5, by: "magnitude", groups: 2 } }),
  "a scale and one threshold": (features) => ({
    threshold: -0.1,
    scale: randomNumbers(features, 9),
  }),
  "an offset above the threshold 0": (features) => ({
    threshold: 0,
    offset: randomNumbers(features, 9),
  }),
};

/** Targets that are neighbours, one a group. */
function targetsFrom({ first, count }: { first: number; count: number }): Target[] {
  return Array.from({ length: count }, (_, group) => ({ feature: first + group, group }));
}

/** The plain input with another activation, and its targets wherever they are. */
function inputWith(activation: Activation, targets: readonly Target[]): EncodeInput {
  const { sae, ...rest } = randomInput("supervised");
  return { ...rest, sae: { ...sae, activation, targets } };
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const [name, make] of Object.entries(ACTIVATIONS)) {
    Deno.test({
      name: `Encoder.encode() agrees with float64 on ${device}, ${name}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using opened = await openDevice(device);
        await using encoder = createEncoder(opened);
        const input = inputWith(make(138), targetsFrom({ first: 131, count: 7 }));
        const encoded = await encodeChecked(encoder, input, { what: "it", device });
        // Activations of one sign make sums of up to 300, which float32 keeps to 300 × 300 / 2 ** 24.
        assert(await checkEncoded(input, encoded) < 4 * TOLERANCE);
      },
    });
  }

  Deno.test({
    name: `Encoder.encode() keeps targets wherever they are on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const [first, count] of [[0, 5], [60, 9], [0, 138]] as const) {
        const input = inputWith(LINEAR, targetsFrom({ first, count }));
        assert(await checkEncoded(input, await encoder.encode(input)) < TOLERANCE);
      }
    },
  });
}

/** Features that are equal, some by threes, and some that are 0 whatever the question. */
async function inputWithTies(activation: Activation): Promise<EncodeInput> {
  const input = inputWith(activation, targetsFrom({ first: 70, count: 60 }));
  const { sae } = input;
  const { width, featureCount } = sae;
  const weight = (await sae.rows.read(0, featureCount)).slice();
  const bias = sae.bias.slice();
  for (let feature = 46; feature < featureCount; feature++) {
    const other = feature % 46;
    weight.copyWithin(feature * width, other * width, (other + 1) * width);
    bias[feature] = bias[other]!;
  }
  weight.fill(0, 20 * width, 30 * width);
  bias.fill(0, 20, 30);
  bias[25] = -0;
  return { ...input, sae: { ...sae, rows: wholeRows(weight, width), bias } };
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const by of ["value", "magnitude"] as const) {
    Deno.test({
      name: `Encoder.encode() keeps the lower of features that tie on ${device}, top-k by ${by}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using opened = await openDevice(device);
        await using encoder = createEncoder(opened);
        // 63, 65: among those that are 0, by value; a GPU made of software is slow
        for (const k of device === "gpu" ? [1, 4, 63, 65] : [1, 2, 4, 63, 65, 120]) {
          const input = await inputWithTies({ threshold: { k, by } });
          const encoded = await encodeChecked(encoder, input, { what: "it", device });
          assert(await checkEncoded(input, encoded) < 4 * TOLERANCE, `k ${k}`);
        }
      },
    });
  }

  Deno.test({
    name: `Encoder.encode() keeps targets that are no neighbours on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const targets = [130, 2, 77, 78, 2].map((feature, group) => ({ feature, group }));
      for (const name of ["linear", "gated", "top-k"]) {
        const input = inputWith(ACTIVATIONS[name]!(138), targets);
        const encoded = await encodeChecked(encoder, input, { what: "it", device });
        assert(await checkEncoded(input, encoded) < 4 * TOLERANCE, name);
      }
      const { sae, ...rest } = await inputWithTies({ threshold: { k: 4, by: "value" } });
      const input = { ...rest, sae: { ...sae, targets } };
      const encoded = await encodeChecked(encoder, input, { what: "it", device });
      assert(await checkEncoded(input, encoded) < 4 * TOLERANCE, "ties");
    },
  });

  Deno.test({
    name: `Encoder.encode() takes hidden states through the input steps on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const { hidden, ...rest } = inputWith(LINEAR, targetsFrom({ first: 131, count: 7 }));
      const sae = { ...rest.sae, input: [{ kind: "scale", factor: 3 }] as const };
      const encoded = await encodeChecked(encoder, { ...rest, hidden, sae }, {
        what: "it",
        device,
      });
      const tripled = rowsInMemory(hidden.read(0, hidden.count).map((x) => 3 * x), hidden.width);
      assert(await checkEncoded({ ...rest, hidden: tripled }, encoded) < 4 * TOLERANCE);
    },
  });

  Deno.test({
    name: `Encoder.encode() refuses to keep more features than there are on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const k of [0, 1.5, 139]) {
        const input = inputWith({ threshold: { k, by: "value" } }, []);
        await assert.rejects(encoder.encode(input), RangeError);
      }
    },
  });
}

/** The groups of {@linkcode GROUPS} by two persons, whose questions are no neighbours. */
const PERSONS = [1, 0, 1, 1];

for (const device of ["cpu", "wasm", "gpu"] as const) {
  Deno.test({
    name:
      `Encoder.encode() reduces over segments of several groups what it is asked for on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const name of ["linear", "ReLU", "top-k"]) { // of which many are 0 and tie
        const input: EncodeInput = {
          ...inputWith(ACTIVATIONS[name]!(138), []),
          segments: PERSONS,
          also: EXTRA_REDUCTIONS,
          kept: { first: 0, count: 138 },
        };
        const { reductions, keptActivations } = await encodeChecked(encoder, input, {
          what: "it",
          device,
        });
        assert.deepEqual(reductions.groupSizes, [1, 128 + 129 + 300]);
        // What is kept is what is reduced, to the last bit: extremes and their questions are exact.
        PERSONS.forEach((_, person) => {
          if (person > 1) return;
          const questions = GROUPS.flatMap((size, group) =>
            Array<number>(size).fill(PERSONS[group]!)
          ).flatMap((own, question) => own === person ? [question] : []);
          for (let feature = 0; feature < 138; feature++) {
            const z = questions.map((question) => keptActivations[question * 138 + feature]!);
            const cell = person * 138 + feature;
            const [greatest, least] = [Math.max(...z), Math.min(...z)];
            assert.equal(reductions.maxima[cell], greatest);
            assert.equal(reductions.minima![cell], least);
            assert.equal(reductions.maximaAt![cell], questions[z.indexOf(greatest)]);
            assert.equal(reductions.minimaAt![cell], questions[z.indexOf(least)]);
            assert.equal(reductions.counts[cell], z.filter((value) => value > 0.1).length);
            const near = (found: number, values: number[]) => {
              const exact = values.reduce((a, b) => a + b);
              const size = values.reduce((a, b) => a + Math.abs(b), 0);
              assert(Math.abs(found - exact) <= 1e-5 * size + 1e-30, `${found} for ${exact}`);
            };
            near(reductions.sums[cell]!, z);
            near(reductions.squares![cell]!, z.map((value) => value * value));
          }
        });
      }
    },
  });

  Deno.test({
    name: `Encoder.encode() hands over all activations, some features at a time, on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      for (const name of ["linear", "gated", "top-k by magnitude, scaled"]) {
        const input = inputWith(
          ACTIVATIONS[name]!(138),
          [77, 3].map((feature, group) => {
            return { feature, group };
          }),
        );
        const plain = await encoder.encode(input);
        const all = await encoder.encode({ ...input, kept: { first: 0, count: 138 } });
        const runs: number[][] = [];
        const { count: questions } = input.hidden;
        const encoded = await encodeChecked(encoder, {
          ...input,
          columnBytes: 4 * questions * 50, // 138 features in three runs
          columns: ({ first, count, questions: many, values }) => {
            assert.equal(many, questions);
            runs.push([first, count]);
            for (let feature = 0; feature < count; feature++) {
              for (let question = 0; question < questions; question++) {
                const found = values[feature * questions + question];
                const expected = all.keptActivations[question * 138 + first + feature];
                assert.equal(found, expected, `feature ${first + feature}, question ${question}`);
              }
            }
          },
        }, { what: "it", device });
        assert.deepEqual(runs, [[0, 48], [48, 48], [96, 42]]);
        assert.deepEqual(encoded, plain, `${name}: nothing else changes`);
      }
    },
  });

  Deno.test({
    name:
      `Encoder.encode() gives the same bytes where questions are divided between tiles on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const { hidden, sae, threshold } = inputWith(LINEAR, []);
      const { count, width } = hidden;
      const also = EXTRA_REDUCTIONS;
      const input = { hidden, groupSizes: [count], sae, threshold, also };
      const whole = await encoder.encode(input);
      const merged = emptyReductions(input, sae.featureCount, also);
      const cut = encoder.tileQuestions;
      for (const [first, size] of [[cut, count - cut], [0, cut]] as const) {
        const part = rowsInMemory(hidden.read(first, size), width);
        const { reductions } = await encoder.encode({ ...input, hidden: part, groupSizes: [size] });
        addReductions(merged, reductions, { firstQuestion: first });
      }
      assert.deepEqual({ ...merged, groupSizes: [count] }, whole.reductions);
    },
  });
}

Deno.test("Encoder.encode() refuses segments and features that there are not", async () => {
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const input = randomInput("supervised");
  await assert.rejects(encoder.encode({ ...input, segments: [0] }), RangeError);
  await assert.rejects(encoder.encode({ ...input, kept: [138] }), /keep feature 138 of 138/);
  await assert.rejects(encoder.encode({ ...input, kept: { first: 130, count: 9 } }), RangeError);
});

gpuTest(
  "WebGpuEncoder.encode() finds the same features in chunks of any size, top-k",
  async (gpu) => {
    const input = await inputWithTies({ threshold: { k: 4, by: "magnitude" } });
    const whole = await new WebGpuEncoder(gpu).encode(input);
    const pieces = await new WebGpuEncoder(gpu, { chunkBytes: 128 * 32 * 4 }).encode(input);
    assert.deepEqual(pieces, whole);
  },
);

gpuTest("WebGpuEncoder.encode() leaves no buffer where a pass of top-k fails", async (gpu) => {
  const buffers = trackBuffers(gpu);
  const { read } = gpu;
  let reads = 0;
  gpu.read = (wanted) => {
    if (++reads === 2) throw new InputError("it failed");
    return read.call(gpu, wanted);
  };
  const input = inputWith(ACTIVATIONS["top-k"]!(138), []);
  await assert.rejects(new WebGpuEncoder(gpu).encode(input), /it failed/);
  assert.equal(buffers.destroyed, buffers.made);
});

gpuTest(
  "WebGpuEncoder.encode() divides targets among its chunks, wherever they are",
  async (gpu) => {
    const input = inputWith(ACTIVATIONS["gated"]!(138), targetsFrom({ first: 60, count: 78 }));
    const whole = await new WebGpuEncoder(gpu).encode(input);
    const pieces = await new WebGpuEncoder(gpu, { chunkBytes: 128 * 32 * 4 }).encode(input);
    assert.deepEqual(pieces, whole);
  },
);

gpuTest(
  "WebGpuEncoder.encode() gives the same bytes in tiles of other widths, gated",
  async (gpu) => {
    const input = inputWith(ACTIVATIONS["gated"]!(138), targetsFrom({ first: 131, count: 7 }));
    const expected = await new WebGpuEncoder(gpu, { tile: DEFAULT_TILE }).encode(input);
    const narrow = TILES.find(({ featureVectors }) => featureVectors === 1)!;
    assert.deepEqual(await new WebGpuEncoder(gpu, { tile: narrow }).encode(input), expected);
  },
);

for (const failing of ["transpose", "encode_reduce"]) {
  gpuTest(
    `WebGpuEncoder.encode() leaves no buffer where ${failing} cannot be prepared`,
    async (gpu) => {
      const buffers = trackBuffers(gpu);
      const prepare = gpu.prepare.bind(gpu);
      gpu.prepare = (entryPoint, code) =>
        entryPoint === failing
          ? Promise.reject(new InputError("no such pipeline"))
          : prepare(entryPoint, code);
      await assert.rejects(new WebGpuEncoder(gpu).encode(randomInput("supervised")), /no such/);
      assert.equal(buffers.destroyed, buffers.made);
    },
  );
}

for (const failing of ["dispatch", "read"] as const) {
  gpuTest(`WebGpuEncoder.encode() leaves no buffer where ${failing} fails`, async (gpu) => {
    const buffers = trackBuffers(gpu);
    gpu[failing] = () => {
      throw new InputError("it failed");
    };
    await assert.rejects(new WebGpuEncoder(gpu).encode(randomInput("supervised")), /it failed/);
    assert(buffers.made > 0);
    assert.equal(buffers.destroyed, buffers.made);
  });
}

gpuTest(
  "WebGpuEncoder.encode() leaves no buffer where the n-th cannot be made, whichever it is",
  async (gpu) => {
    const buffers = trackBuffers(gpu);
    const { device } = gpu;
    const createBuffer = device.createBuffer.bind(device);
    await new WebGpuEncoder(gpu).encode(randomInput("supervised"));
    const all = buffers.made;
    for (let failing = 0; failing < all; failing++) {
      let made = 0;
      device.createBuffer = (description) => {
        if (made++ === failing) throw new InputError("no buffer");
        return createBuffer(description);
      };
      await assert.rejects(new WebGpuEncoder(gpu).encode(randomInput("supervised")), /no buffer/);
      assert.equal(buffers.destroyed, buffers.made, `of buffer ${failing}`);
    }
  },
);

gpuTest(
  "WebGpuEncoder.encode() gives the same bytes whatever the size of its chunks",
  async (gpu) => {
    const input = randomInput("supervised");
    const whole = await new WebGpuEncoder(gpu).encode(input);
    // One tile of 128 at a time: chunks of questions and of features, and the slots divided in two.
    const chunkBytes = 128 * 32 * 4;
    const pieces = await new WebGpuEncoder(gpu, { chunkBytes }).encode(input);
    assert.deepEqual(pieces, whole);
  },
);

/** What each kind of SAE gives in the default tile: encoded once, and compared with every other. */
const inDefaultTile = new Map<SaeKind, Encoded>();

for (const tile of TILES) {
  for (const kind of ["supervised", "traditional"] as const) {
    gpuTest(
      `WebGpuEncoder.encode() agrees with float64 in tiles ${tileName(tile)}, ${kind} SAE`,
      async (gpu) => {
        const input = randomInput(kind, { width: 37 });
        const encoded = await new WebGpuEncoder(gpu, { tile }).encode(input);
        assert(await checkEncoded(input, encoded) < TOLERANCE);
        // The order of every sum is the same, whatever the tile.
        const expected = inDefaultTile.get(kind) ??
          await new WebGpuEncoder(gpu, { tile: DEFAULT_TILE }).encode(input);
        inDefaultTile.set(kind, expected);
        assert.deepEqual(encoded, expected);
      },
    );
  }
}

Deno.test("Encoder.encode() refuses hidden states that do not fit the groups", async () => {
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const input = randomInput("supervised");
  await assert.rejects(encoder.encode({ ...input, groupSizes: [3] }), RangeError);
});

Deno.test("Encoder.encode() says why a session cannot be made, and disposal does not hide it", async () => {
  const { InferenceSession } = await loadNativeRuntime();
  const { create } = InferenceSession;
  InferenceSession.create = () => Promise.reject(new Error("bad allocation"));
  try {
    await assert.rejects(
      async () => {
        using device = await openDevice("cpu");
        await using encoder = createEncoder(device);
        await encoder.encode(randomInput("supervised"));
      },
      inputError("ONNX Runtime on cpu failed: bad allocation; another --device may do"),
    );
  } finally {
    InferenceSession.create = create;
  }
});

/** Says to a GPU that there was no memory, as it says itself, each time a buffer is larger. */
function limitMemory(gpu: Gpu, mostBytes: number): { failures: number } {
  const count = { failures: 0 };
  const storage = gpu.storage.bind(gpu);
  gpu.storage = (label, byteLength) => {
    if (byteLength > mostBytes) {
      count.failures++;
      reportNoMemory(gpu);
    }
    return storage(label, byteLength);
  };
  return count;
}

gpuTest(
  "WebGpuEncoder goes on in smaller pieces where the GPU has too little memory",
  async (gpu) => {
    // The features are what is large: a tile of questions is multiplied as fast as one of them.
    const large = { width: 600, freeCount: 2000, groupSizes: [1, 9] };
    const input = randomInput("supervised", large);
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    await using encoder = new WebGpuEncoder(gpu, { tile: DEFAULT_TILE, onNote });
    const expected = await encoder.encode(input);
    const limited = limitMemory(gpu, 3 * 2 ** 20);
    const encoded = await encoder.encode(input);
    assert(limited.failures > 0, "it met the limit");
    assert.deepEqual(encoded, expected);
    const sizes = notes.map((note) => note.match(/ in pieces of (\d+) MiB; they are smaller/)?.[1]);
    assert.deepEqual(sizes, ["64", "16", "4"], "it says so each time");
  },
);

gpuTest("WebGpuEncoder explains itself where even small pieces do not fit", async (gpu) => {
  await using encoder = new WebGpuEncoder(gpu, { tile: DEFAULT_TILE });
  limitMemory(gpu, 100);
  await assert.rejects(
    encoder.encode(randomInput("supervised")),
    inputError(
      /has too little memory: Not enough memory left\., in pieces of 1 MiB; .*--device cpu/,
    ),
  );
});
