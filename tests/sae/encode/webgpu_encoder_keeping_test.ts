/** How often a GPU's encoder reads and sends the weights, what stays there, and that nothing is left. */
import assert from "node:assert/strict";
import type { Gpu } from "../../../lib/compute/gpu.ts";
import { type Activation, RELU } from "../../../lib/sae/activation.ts";
import { createEncoder } from "../../../lib/sae/encode/create_encoder.ts";
import type { EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import { DEFAULT_TILE } from "../../../lib/sae/encode/tile_product.ts";
import { WebGpuEncoder } from "../../../lib/sae/encode/webgpu_encoder.ts";
import {
  failEachBuffer,
  gpuTest,
  reportNoMemory,
  trackBuffers,
  watchChunks,
} from "../../support/gpu.ts";
import { checkEncoded, inputWithTies, randomInput, TOLERANCE } from "./float64_formula.ts";

/** A chunk: 128 features of a width of 18, padded to 32; and a tile of questions at a time. */
const CHUNK_BYTES = 128 * 32 * 4;
const FEATURES = 4 * 128;
const TOP_K: Activation = { threshold: { k: 9, by: "value" }, floor: 0 };
const BY_MAGNITUDE: Activation = { threshold: { k: 23, by: "magnitude" } };

const ALL = Infinity;
const SOME = 1.5 * CHUNK_BYTES;

/** Four chunks of features; each group is a block of questions. */
function fourChunks(activation: Activation, groupSizes: readonly number[]): EncodeInput {
  const input = randomInput("supervised", { freeCount: FEATURES - 7, groupSizes });
  return { ...input, sae: { ...input.sae, activation } };
}

function encoderOf(gpu: Gpu, keptBytes: number, onNote?: (note: string) => void): WebGpuEncoder {
  const tile = DEFAULT_TILE;
  return new WebGpuEncoder(gpu, { chunkBytes: CHUNK_BYTES, keptBytes, tile, onNote });
}

const GROUPS = [128, 1, 129];

for (
  const [what, inputOf] of [
    ["top-k by value", () => fourChunks(TOP_K, GROUPS)],
    ["top-k by magnitude", () => fourChunks(BY_MAGNITUDE, GROUPS)],
    ["top-k of features that are equal", () => inputWithTies(TOP_K)],
    ["top-k in one block", () => fourChunks(TOP_K, [100])],
    ["ReLU in several blocks", () => fourChunks(RELU, GROUPS)],
  ] as const
) {
  gpuTest(
    `WebGpuEncoder.encode() gives the same bytes whatever of the encoder stays, ${what}`,
    async (gpu) => {
      const input = await inputOf();
      const expected = await encoderOf(gpu, 0).encode(input);
      assert(await checkEncoded(input, expected) < TOLERANCE);
      for (const keptBytes of [SOME, ALL]) {
        const buffers = trackBuffers(gpu);
        assert.deepEqual(await encoderOf(gpu, keptBytes).encode(input), expected);
        assert.equal(buffers.destroyed, buffers.made, "no buffer is left");
      }
    },
  );
}

gpuTest("WebGpuEncoder.encode() hands over the same columns whatever stays, top-k", async (gpu) => {
  const input = fourChunks(TOP_K, GROUPS);
  const encode = async (keptBytes: number) => {
    const all: number[][] = [];
    const columns = ({ first, values }: { first: number; values: Float32Array }) => {
      all.push([first, ...values]);
    };
    const encoded = await encoderOf(gpu, keptBytes).encode({ ...input, columns });
    return { encoded, all };
  };
  const expected = await encode(0);
  assert.deepEqual(await encode(SOME), expected);
  assert.deepEqual(await encode(ALL), expected);
});

/** Encodes, and says how often each chunk's rows were read. */
async function countReads(gpu: Gpu, keptBytes: number, input: EncodeInput): Promise<number[]> {
  const reads = new Map<string, number>();
  const { rows } = input.sae;
  const counted = {
    ...rows,
    read(first: number, count: number) {
      const range = `${first} ${count}`;
      reads.set(range, (reads.get(range) ?? 0) + 1);
      return rows.read(first, count);
    },
  };
  await encoderOf(gpu, keptBytes).encode({ ...input, sae: { ...input.sae, rows: counted } });
  assert.deepEqual([...reads.keys()], ["0 128", "128 128", "256 128", "384 128"]);
  return [...reads.values()];
}

for (
  const [what, input, times] of [
    ["top-k", fourChunks(TOP_K, [100]), 4], // three passes find k
    ["top-k in four blocks", fourChunks(TOP_K, GROUPS), 16],
    ["ReLU in four blocks", fourChunks(RELU, GROUPS), 4],
  ] as const
) {
  gpuTest(
    `WebGpuEncoder.encode() reads once what stays, and ${times} times what does not, ${what}`,
    async (gpu) => {
      assert.deepEqual(await countReads(gpu, ALL, input), [1, 1, 1, 1]);
      assert.deepEqual(await countReads(gpu, SOME, input), [1, times, times, times]);
      assert.deepEqual(await countReads(gpu, 0, input), [times, times, times, times]);
    },
  );
}

/** The most bytes in buffers at a time, encoding so. */
async function mostBytes(gpu: Gpu, keptBytes: number, input: EncodeInput): Promise<number> {
  const buffers = trackBuffers(gpu);
  await encoderOf(gpu, keptBytes).encode(input);
  return buffers.mostBytes;
}

gpuTest("WebGpuEncoder keeps nothing of an encoder that is used once", async (gpu) => {
  const input = fourChunks(RELU, [100]);
  assert.equal(await mostBytes(gpu, ALL, input), await mostBytes(gpu, 0, input));
});

gpuTest("WebGpuEncoder keeps no more of an encoder than it is told", async (gpu) => {
  const input = fourChunks(TOP_K, GROUPS);
  const none = await mostBytes(gpu, 0, input);
  const some = await mostBytes(gpu, SOME, input);
  assert(some > none && some <= none + SOME, `${some} bytes, ${none} without`);
});

gpuTest("WebGpuEncoder waits for chunks that it sends, and for none that is there", async (gpu) => {
  const input = fourChunks(TOP_K, [100]);
  const events = watchChunks(gpu);
  await encoderOf(gpu, ALL).encode(input);
  const sent = Array.from({ length: 4 }, () => ["chunk", "wait"]).flat();
  const counted = ["wait", "wait"]; // two more passes
  const encoded = ["wait", "wait", "wait", "wait"]; // results of each chunk
  assert.deepEqual(events, [...sent, ...counted, ...encoded]);
});

gpuTest(
  "WebGpuEncoder.encode() leaves no buffer where the n-th cannot be made and one chunk is kept, another not",
  async (gpu) => {
    const sizes = { freeCount: 2 * 128 - 7, groupSizes: [20] };
    const input = randomInput("supervised", sizes);
    const topK = { ...input, sae: { ...input.sae, activation: TOP_K } };
    await failEachBuffer(gpu, () => encoderOf(gpu, SOME).encode(topK));
  },
);

/** Says that there was no memory, as a GPU does, whenever more than that is in encoders' buffers. */
function limitEncoders(gpu: Gpu, mostBytes: number): { failures: number } {
  const count = { failures: 0 };
  let bytes = 0;
  const storage = gpu.storage.bind(gpu);
  gpu.storage = (label, byteLength) => {
    const buffer = storage(label, byteLength);
    if (label !== "encoder") return buffer;
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      bytes -= byteLength;
      destroy();
    };
    bytes += byteLength;
    if (bytes > mostBytes) {
      count.failures++;
      reportNoMemory(gpu);
    }
    return buffer;
  };
  return count;
}

for (const [what, activation] of [["top-k", TOP_K], ["ReLU in several blocks", RELU]] as const) {
  gpuTest(
    `WebGpuEncoder keeps nothing any more where the GPU has too little memory, ${what}`,
    async (gpu) => {
      const input = fourChunks(activation, GROUPS);
      const expected = await encoderOf(gpu, 0).encode(input);
      const buffers = trackBuffers(gpu);
      const limited = limitEncoders(gpu, CHUNK_BYTES);
      const notes: string[] = [];
      const encoder = encoderOf(gpu, ALL, (note) => notes.push(note));
      assert.deepEqual(await encoder.encode(input), expected);
      assert.equal(buffers.destroyed, buffers.made);
      assert.equal(limited.failures, 1, "what was kept is gone when it begins anew");
      assert.deepEqual(await encoder.encode(input), expected);
      assert.equal(limited.failures, 1, "it does not try again");
      assert.equal(notes.length, 1);
      assert.match(
        notes[0]!,
        /too little memory: .*; encoders are sent anew each time from here on/,
      );
    },
  );
}

gpuTest("WebGpuEncoder's chunks become smaller only when nothing is kept", async (gpu) => {
  const input = randomInput("supervised", { width: 300, freeCount: 1000, groupSizes: [1, 9] });
  const sae = { ...input.sae, activation: TOP_K };
  const expected = await new WebGpuEncoder(gpu, { tile: DEFAULT_TILE }).encode({ ...input, sae });
  limitEncoders(gpu, 2 ** 20); // 1007 features of 300 numbers are more
  const notes: string[] = [];
  const onNote = (note: string) => notes.push(note);
  const options = { chunkBytes: 4 * 2 ** 20, keptBytes: ALL, tile: DEFAULT_TILE, onNote };
  assert.deepEqual(await new WebGpuEncoder(gpu, options).encode({ ...input, sae }), expected);
  assert.equal(notes.length, 2);
  assert.match(notes[0]!, /sent anew each time/);
  assert.match(notes[1]!, /in pieces of 4 MiB; they are smaller/);
});

gpuTest("createEncoder() keeps on a card, and nothing any more once it was lost", async (gpu) => {
  // A program that passes for a card, on which no tiles are timed.
  Object.defineProperty(gpu, "isSoftware", { value: false });
  Object.defineProperty(gpu, "hasTimestamps", { value: false });
  const input = fourChunks(TOP_K, [100]);
  const { rows } = input.sae;
  const readsOf = async (pieceSize: number) => {
    let reads = 0;
    const read = (first: number, count: number) => {
      reads++;
      return rows.read(first, count);
    };
    const sae = { ...input.sae, rows: { ...rows, read } };
    const runtime = undefined as never; // asked for where there is no GPU
    await createEncoder({ gpu, runtime }, { pieceSize }).encode({ ...input, sae });
    return reads;
  };
  assert.equal(await readsOf(1), 1);
  assert.equal(await readsOf(1 / 4), 4);
});
