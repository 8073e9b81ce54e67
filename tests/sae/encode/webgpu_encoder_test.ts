import assert from "node:assert/strict";
import { InputError } from "../../../lib/base/errors.ts";
import type { Gpu } from "../../../lib/compute/gpu.ts";
import type { Encoded, EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import { DEFAULT_TILE, tileName, TILES } from "../../../lib/sae/encode/tile_product.ts";
import { WebGpuEncoder } from "../../../lib/sae/encode/webgpu_encoder.ts";
import { failEachBuffer, gpuTest, reportNoMemory, trackBuffers } from "../../support/gpu.ts";
import { inputError } from "../../support/input_errors.ts";
import {
  ACTIVATIONS,
  checkEncoded,
  inputWith,
  inputWithTies,
  randomInput,
  targetsFrom,
  TOLERANCE,
} from "./float64_formula.ts";

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
    await failEachBuffer(gpu, () => new WebGpuEncoder(gpu).encode(randomInput("supervised")));
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

/** All features are targets, whose activations are kept question after question. */
function columnsInputs(): [what: string, input: EncodeInput][] {
  const all = targetsFrom({ first: 0, count: 138 });
  const least = randomInput("traditional", { freeCount: 1, groupSizes: [1, 2] });
  const targets = targetsFrom({ first: 0, count: 1 });
  return [
    ["gated", inputWith(ACTIVATIONS["gated"]!(138), all)],
    ["top-k", inputWith(ACTIVATIONS["top-k by magnitude, scaled"]!(138), all)],
    ["one feature of three questions", { ...least, sae: { ...least.sae, targets } }],
  ];
}

for (const [what, input] of columnsInputs()) {
  gpuTest(
    `WebGpuEncoder.encode() hands over feature after feature what float64 gives, ${what}`,
    async (gpu) => {
      const { hidden: { count: questions }, sae: { featureCount } } = input;
      const expected = await new WebGpuEncoder(gpu).encode(input);
      assert(await checkEncoded(input, expected) < TOLERANCE);
      for (
        const [chunkBytes, columnBytes] of [
          [undefined, undefined],
          [128 * 32 * 4, undefined], // a tile of questions and 128 features at a time
          [128 * 32 * 4, 4 * questions * 50], // 48 features at a time
        ]
      ) {
        const found = new Float32Array(questions * featureCount);
        const encoded = await new WebGpuEncoder(gpu, { chunkBytes }).encode({
          ...input,
          columnBytes,
          columnRoom: (length) => new Float32Array(length).fill(NaN), // as used memory is
          columns: ({ first, values }) => found.set(values, first * questions),
        });
        assert.deepEqual(encoded, expected);
        found.forEach((z, i) => {
          const [feature, question] = [Math.floor(i / questions), i % questions];
          assert.equal(z, expected.keptActivations[question * featureCount + feature]);
        });
      }
    },
  );
}

gpuTest("WebGpuEncoder.encode() leaves no buffer where columns cannot be taken", async (gpu) => {
  const buffers = trackBuffers(gpu);
  const { readPieces } = gpu;
  gpu.readPieces = (sources) =>
    readPieces.call(
      gpu,
      sources.map((source) => ({
        ...source,
        take: () => {
          throw new InputError("it failed");
        },
      })),
    );
  const input = { ...randomInput("supervised"), columns: () => assert.fail("none is whole") };
  await assert.rejects(new WebGpuEncoder(gpu).encode(input), /it failed/);
  assert(buffers.made > 0);
  assert.equal(buffers.destroyed, buffers.made);
});

/** What is given in the first of the tiles, and compared with that of every other. */
let inFirstTile: Encoded | undefined;

for (const tile of TILES) {
  for (const kind of ["supervised", "traditional"] as const) {
    if (kind === "traditional" && tile !== DEFAULT_TILE) continue; // no more than one without slots
    gpuTest(
      `WebGpuEncoder.encode() agrees with float64 in tiles ${tileName(tile)}, ${kind} SAE`,
      async (gpu) => {
        const input = randomInput(kind, { width: 37 });
        const encoded = await new WebGpuEncoder(gpu, { tile }).encode(input);
        assert(await checkEncoded(input, encoded) < TOLERANCE);
        if (kind === "traditional") return;
        // The order of every sum is the same, whatever the tile.
        inFirstTile ??= encoded;
        assert.deepEqual(encoded, inFirstTile);
      },
    );
  }
}

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
    const large = { width: 300, freeCount: 1000, groupSizes: [1, 9] };
    const input = randomInput("supervised", large);
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    const chunkBytes = 64 * 2 ** 20; // what a card is given, also where the adapter is a program
    await using encoder = new WebGpuEncoder(gpu, { tile: DEFAULT_TILE, onNote, chunkBytes });
    const expected = await encoder.encode(input);
    const limited = limitMemory(gpu, 2 ** 20);
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
