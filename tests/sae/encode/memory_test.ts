/** How much of an encoder is in memory at a time, counted in what is read, handed over and uploaded. */
import assert from "node:assert/strict";
import { openDevice } from "../../../lib/compute/device.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { type Activation, RELU } from "../../../lib/sae/activation.ts";
import { CHUNK_BYTES } from "../../../lib/sae/feature_ranges.ts";
import { type FeatureRows, freeNumbers } from "../../../lib/sae/feature_rows.ts";
import type { EncodeInput, Encoder } from "../../../lib/sae/encode/encoder.ts";
import { OrtEncoder } from "../../../lib/sae/encode/ort_encoder.ts";
import { divideFeatures } from "../../../lib/sae/encode/ort_division.ts";
import { spanOf } from "../../../lib/sae/encode/ort_chunk.ts";
import { DEFAULT_TILE } from "../../../lib/sae/encode/tile_product.ts";
import { WebGpuEncoder } from "../../../lib/sae/encode/webgpu_encoder.ts";
import { gpuTest, trackBuffers, watchChunks } from "../../support/gpu.ts";

/** What issue and documentation allow: a chunk's weights, and 30 % for what is on its way. */
const ALLOWED = 1.3;
/** A chunk in WebAssembly, in bytes. */
const WASM_CHUNK = CHUNK_BYTES / 4;

/** Rows of 1 that are counted from when they are read until they are given back. */
function countedRows(width: number, isEvenlyRead: boolean) {
  const bytes = { alive: 0, most: 0 };
  const rows: FeatureRows = {
    width,
    isEvenlyRead,
    read(_, count) {
      const read = new Float32Array(count * width).fill(1);
      bytes.alive += read.byteLength;
      bytes.most = Math.max(bytes.most, bytes.alive);
      return Promise.resolve(read);
    },
    release(read) {
      bytes.alive -= read.byteLength;
      freeNumbers(read);
    },
  };
  return { rows, bytes };
}

/** Encodes one state; every activation is the sum of its numbers. */
async function encode(
  encoder: Encoder,
  rows: FeatureRows,
  featureCount: number,
  activation: Activation = RELU,
) {
  const { width } = rows;
  const state = new Float32Array(width);
  state[0] = 2;
  const input: EncodeInput = {
    hidden: rowsInMemory(state, width),
    groupSizes: [1],
    sae: {
      width,
      featureCount,
      rows,
      bias: new Float32Array(featureCount),
      input: [],
      activation,
      targets: [],
    },
    threshold: 0,
  };
  const { reductions } = await encoder.encode(input);
  const kept = typeof activation.threshold === "object" ? 1 : featureCount; // the first of equals
  assert.ok(reductions.sums.every((sum, feature) => sum === (feature < kept ? 2 : 0)));
}

for (
  const [way, isEvenlyRead, chunks] of [
    ["whose rows lie one after the other, a quarter of a chunk at a time", true, 1 / 4],
    ["of which few cost as much to read as many, a chunk at a time", false, 1],
  ] as const
) {
  Deno.test(`OrtEncoder holds of an SAE on wasm, ${way}`, async () => {
    using device = await openDevice("wasm");
    await using encoder = new OrtEncoder(device.runtime);
    const { rows, bytes } = countedRows(4096, isEvenlyRead);
    await encode(encoder, rows, 1056); // one chunk and 32 features
    assert.ok(bytes.most <= chunks * WASM_CHUNK, `${bytes.most} bytes`);
    assert.equal(bytes.alive, 0);
  });
}

Deno.test("what is read for wasm and ONNX Runtime's copy of a part are 1.3 chunks at most", () => {
  const widths = [768, 2304, 4096, 8192];
  for (const [width, threads] of widths.flatMap((width) => [[width, 1], [width, 16]] as const)) {
    for (const isEvenlyRead of [true, false]) {
      const { rows } = countedRows(width, isEvenlyRead);
      const task = {
        hidden: rowsInMemory(new Float32Array(width), width),
        groupSizes: [1],
        sae: {
          width,
          featureCount: 131_072,
          rows,
          bias: new Float32Array(0),
          input: [],
          activation: RELU,
          targets: [],
        },
        threshold: 0,
        kept: { first: 0, count: 0 },
      };
      const reads = divideFeatures(task, "wasm", threads);
      const bytesOf = (features: number) => 4 * width * features;
      const most = reads.map((parts) =>
        bytesOf(spanOf(parts).count) + Math.max(...parts.map(({ count }) => bytesOf(count)))
      );
      assert.ok(Math.max(...most) <= ALLOWED * WASM_CHUNK, `${Math.max(...most)} bytes`);
      const covered = reads.flat().reduce((end, { first, count }) => {
        assert.equal(first, end);
        return first + count;
      }, 0);
      assert.equal(covered, 131_072);
    }
  }
});

gpuTest(
  "WebGpuEncoder has 1.3 chunks in buffers at most, besides states and results",
  async (gpu) => {
    const [chunkBytes, width, featureCount] = [2 ** 20, 256, 4096];
    const buffers = trackBuffers(gpu);
    const { rows, bytes } = countedRows(width, true);
    await using encoder = new WebGpuEncoder(gpu, { chunkBytes, tile: DEFAULT_TILE });
    await encode(encoder, rows, featureCount);
    const states = 128 * width * 4; // a tile of them, transposed
    const chunkFeatures = chunkBytes / (4 * width);
    const results = 2 * 3 * chunkFeatures * 4; // three reductions, and what they are read back through
    const parameters = 2 * chunkFeatures * 4;
    const own = buffers.mostBytes - states - results - parameters;
    assert.ok(own + bytes.most <= ALLOWED * chunkBytes, `${own} and ${bytes.most} bytes`);
    assert.ok(own >= chunkBytes); // else it would count something else
    assert.equal(buffers.destroyed, buffers.made);
  },
);

gpuTest(
  "WebGpuEncoder waits for each chunk of an encoder before it sends the next, top-k",
  async (gpu) => {
    const events = watchChunks(gpu);
    const { rows } = countedRows(32, true);
    const options = { chunkBytes: 128 * 32 * 4, keptBytes: 0, tile: DEFAULT_TILE };
    await using encoder = new WebGpuEncoder(gpu, options);
    const topOne: Activation = { threshold: { k: 1, by: "value" }, floor: 0 };
    await encode(encoder, rows, 3 * 128, topOne);
    assert.ok(events.filter((event) => event === "chunk").length >= 6); // to find k and to encode
    assert.doesNotMatch(events.join(" "), /chunk chunk/);
  },
);
