/** Which chunks of an encoder stay on a GPU, how often the others are read, and that nothing is left. */
import assert from "node:assert/strict";
import { InputError } from "../../../lib/base/errors.ts";
import type { Gpu } from "../../../lib/compute/gpu.ts";
import { type Activation, RELU } from "../../../lib/sae/activation.ts";
import { createEncoder } from "../../../lib/sae/encode/create_encoder.ts";
import type { EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import { KEPT_BYTES, KeptChunks, usualKeptBytes } from "../../../lib/sae/encode/kept_chunks.ts";
import { DEFAULT_TILE } from "../../../lib/sae/encode/tile_product.ts";
import { WebGpuEncoder } from "../../../lib/sae/encode/webgpu_encoder.ts";
import { gpuTest, reportNoMemory, trackBuffers } from "../../support/gpu.ts";
import { checkEncoded, inputWithTies, randomInput, TOLERANCE } from "./float64_formula.ts";

/** Keeps chunks of 10 bytes, and tells what became of them. */
function fakeChunks(mostBytes: number) {
  const events: string[] = [];
  const chunks = new KeptChunks(mostBytes);
  const use = (first: number, isLast = false) => {
    const make = () => {
      events.push(`make ${first}`);
      const destroy = () => events.push(`destroy ${first}`);
      return Promise.resolve({ size: 10, destroy } as unknown as GPUBuffer);
    };
    return chunks.use(first, { isLast, make }, (_, isNew) => {
      events.push(`use ${first}${isNew ? ", new" : ""}`);
      return Promise.resolve(first);
    });
  };
  return { chunks, events, use };
}

Deno.test("KeptChunks keeps the first chunks that fit, and makes the others each time", async () => {
  const { chunks, events, use } = fakeChunks(15);
  assert.equal(await use(0), 0);
  await use(1);
  await use(0);
  await use(1);
  assert.deepEqual(events.splice(0), [
    ...["make 0", "use 0, new"],
    ...["make 1", "use 1, new", "destroy 1"],
    ...["use 0"],
    ...["make 1", "use 1, new", "destroy 1"],
  ]);
  chunks[Symbol.dispose]();
  assert.deepEqual(events, ["destroy 0"]);
});

Deno.test("KeptChunks destroys a chunk after its last use, and has room for another then", async () => {
  const { chunks, events, use } = fakeChunks(10);
  await use(0);
  await use(0, true);
  await use(1);
  await use(1, true);
  assert.deepEqual(events.splice(0), [
    ...["make 0", "use 0, new", "use 0", "destroy 0"],
    ...["make 1", "use 1, new", "use 1", "destroy 1"],
  ]);
  chunks[Symbol.dispose]();
  assert.deepEqual(events, []);
});

Deno.test("KeptChunks keeps nothing that is used once, or without room", async () => {
  const once = fakeChunks(10);
  await once.use(0, true);
  assert.deepEqual(once.events, ["make 0", "use 0, new", "destroy 0"]);
  assert(!once.chunks.hasKept);
  const none = fakeChunks(0);
  await none.use(0);
  assert.deepEqual(none.events, ["make 0", "use 0, new", "destroy 0"]);
  assert(!none.chunks.hasKept);
});

Deno.test("KeptChunks has kept something even when it is destroyed already", async () => {
  const { chunks, use } = fakeChunks(10);
  await use(0);
  await use(0, true);
  assert(chunks.hasKept);
});

for (const mostBytes of [0, 10]) {
  Deno.test(`KeptChunks destroys a chunk once whose use fails, of ${mostBytes} bytes`, async () => {
    let destroyed = 0;
    {
      using chunks = new KeptChunks(mostBytes);
      const chunk = { size: 10, destroy: () => destroyed++ } as unknown as GPUBuffer;
      const use = { isLast: false, make: () => Promise.resolve(chunk) };
      const failing = () => Promise.reject(new Error("it failed"));
      await assert.rejects(chunks.use(0, use, failing), /it failed/);
    }
    assert.equal(destroyed, 1);
  });
}

Deno.test("2 GiB are kept on a card, nothing by a program or in the machine's memory", () => {
  assert.equal(KEPT_BYTES, 2 * 2 ** 30);
  assert.equal(usualKeptBytes({ isSoftware: false, name: "NVIDIA H200" }), KEPT_BYTES);
  assert.equal(usualKeptBytes({ isSoftware: true, name: "llvmpipe (LLVM 15.0.6)" }), 0);
  const shared = [
    ...[
      "Intel(R) UHD Graphics 620",
      "Apple M3 Max",
      "AMD Radeon 780M Graphics",
      "AMD Radeon 8060S",
    ],
    ...["Intel(R) Arc(TM) Graphics (MTL)", "NVIDIA GB10"],
  ];
  for (const name of shared) assert.equal(usualKeptBytes({ isSoftware: false, name }), 0, name);
  const cards = [
    "Intel(R) Arc(TM) A770 Graphics",
    "AMD Radeon RX 7900 XTX",
    "NVIDIA GeForce RTX 4070",
  ];
  for (const name of cards) {
    assert.equal(usualKeptBytes({ isSoftware: false, name }), KEPT_BYTES, name);
  }
});

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
  const events: string[] = [];
  const [storage, read] = [gpu.storage, gpu.read];
  gpu.storage = (label, byteLength) => {
    if (label === "encoder") events.push("chunk");
    return storage.call(gpu, label, byteLength);
  };
  gpu.read = (buffers) => {
    events.push("wait");
    return read.call(gpu, buffers);
  };
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
    const buffers = trackBuffers(gpu);
    const { device } = gpu;
    const createBuffer = device.createBuffer.bind(device);
    await encoderOf(gpu, SOME).encode(topK);
    const all = buffers.made;
    for (let failing = 0; failing < all; failing++) {
      let made = 0;
      device.createBuffer = (description) => {
        if (made++ === failing) throw new InputError("no buffer");
        return createBuffer(description);
      };
      await assert.rejects(encoderOf(gpu, SOME).encode(topK), /no buffer/);
      assert.equal(buffers.destroyed, buffers.made, `of buffer ${failing}`);
    }
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
