/** Every backend against a float64 computation of the same formulas. */
import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import type { Gpu } from "../../lib/compute/gpu.ts";
import { loadNativeRuntime } from "../../lib/compute/native_runtime.ts";
import { InputError } from "../../lib/errors.ts";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { createEncoder, encodeChecked } from "../../lib/sae/create_encoder.ts";
import type { Encoded, EncodeInput, Encoder } from "../../lib/sae/encoder.ts";
import type { Sae, SaeKind } from "../../lib/sae/sae.ts";
import { DEFAULT_TILE, tileName, TILES } from "../../lib/sae/encode_kernel.ts";
import { WebGpuEncoder } from "../../lib/sae/webgpu_encoder.ts";
import { expectsGpu, gpuTest, reportNoMemory } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { randomNumbers } from "../support/tiny_model.ts";

/**
 * Groups that fill tiles of 128 and 256 questions exactly, by one, and not at all. The largest sum
 * here is of 300 activations of the order of 1: float32 keeps it to about 3e-5.
 */
const GROUPS = [128, 1, 129, 300];
const TOLERANCE = 1e-4;

function randomInput(kind: SaeKind, sizes: Partial<Sae> = {}): EncodeInput {
  const { width = 18, freeCount = 131 } = sizes; // neither is a multiple of a tile
  const slotCount = kind === "traditional" ? 0 : sizes.slotCount ?? 7;
  const featureCount = freeCount + slotCount;
  const questions = GROUPS.reduce((a, b) => a + b);
  return {
    hidden: rowsInMemory(randomNumbers(questions * width, 1), width),
    groupSizes: GROUPS,
    sae: {
      kind,
      width,
      featureCount,
      freeCount,
      slotCount,
      weight: randomNumbers(featureCount * width, 2),
      bias: randomNumbers(featureCount, 3),
    },
    threshold: 0.1,
  };
}

/** Activations in float64, `[questions][features]`. */
function activations({ hidden, sae }: EncodeInput): number[][] {
  const { width, featureCount, weight, bias, kind } = sae;
  const states = hidden.read(0, hidden.count);
  return Array.from(
    { length: hidden.count },
    (_, question) =>
      Array.from({ length: featureCount }, (_, feature) => {
        let z = bias[feature]!;
        for (let i = 0; i < width; i++) {
          z += weight[feature * width + i]! * states[question * width + i]!;
        }
        return kind === "traditional" ? Math.max(0, z) : z;
      }),
  );
}

function checkEncoded(input: EncodeInput, { moments, slotActivations }: Encoded): number {
  const { groupSizes, sae: { featureCount, freeCount, slotCount }, threshold } = input;
  const z = activations(input);
  let worst = 0;
  let start = 0;
  groupSizes.forEach((size, group) => {
    for (let feature = 0; feature < featureCount; feature++) {
      const values = z.slice(start, start + size).map((row) => row[feature]!);
      const cell = group * featureCount + feature;
      const sum = values.reduce((a, b) => a + b);
      worst = Math.max(worst, Math.abs(moments.sums[cell]! - sum));
      worst = Math.max(worst, Math.abs(moments.maxima[cell]! - Math.max(...values)));
      // Float32 cannot tell on which side of the threshold an activation lies that is on it.
      const [low, high] = [threshold + 1e-6, threshold - 1e-6].map((bound) => {
        return values.filter((value) => value > bound).length;
      });
      const count = moments.counts[cell]!;
      assert(low! <= count && count <= high!, `count ${count} of feature ${feature}`);
    }
    start += size;
  });
  assert.equal(slotActivations.length, z.length * slotCount);
  slotActivations.forEach((value, i) => {
    const exact = z[Math.floor(i / slotCount)]![freeCount + i % slotCount]!;
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
        const error = checkEncoded(input, await encoder.encode(input));
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
      assert(checkEncoded(input, await encoder.encode(input)) < TOLERANCE);
    },
  });

  if (device === "gpu") continue; // its chunks have a test of their own
  Deno.test({
    name: `Encoder.encode() handles more features than fit into one chunk on ${device}`,
    fn: async () => {
      using opened = await openDevice(device);
      await using encoder = createEncoder(opened);
      const input = randomInput("supervised", { width: 2, freeCount: 4096 + 5, slotCount: 20 });
      assert(checkEncoded(input, await encoder.encode(input)) < TOLERANCE);
    },
  });
}

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

for (const tile of TILES) {
  for (const kind of ["supervised", "traditional"] as const) {
    gpuTest(
      `WebGpuEncoder.encode() agrees with float64 in tiles ${tileName(tile)}, ${kind} SAE`,
      async (gpu) => {
        const input = randomInput(kind, { width: 37 });
        const encoded = await new WebGpuEncoder(gpu, { tile }).encode(input);
        assert(checkEncoded(input, encoded) < TOLERANCE);
        // The order of every sum is the same, whatever the tile.
        assert.deepEqual(
          encoded,
          await new WebGpuEncoder(gpu, { tile: DEFAULT_TILE }).encode(input),
        );
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

Deno.test("encodeChecked() names the feature and the layer of an activation that overflows", async () => {
  const input = randomInput("supervised");
  input.sae.weight.fill(3e38, 5 * input.sae.width, 6 * input.sae.width); // finite, but not times h
  input.hidden.read(0, input.hidden.count).fill(2);
  using device = await openDevice("cpu");
  await using encoder: Encoder = createEncoder(device);
  await assert.rejects(
    encodeChecked(encoder, input, { what: "layer 3 (sae.pt)", device: "a device" }),
    new InputError("The activations of feature 5 in layer 3 (sae.pt) are not finite"),
  );
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
    const input = randomInput("supervised", { width: 600, freeCount: 2000 });
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
