/**
 * Encodes with coact's own shaders on Deno's WebGPU: the activations are reduced where they are
 * computed and never stored.
 *
 * @module
 */
import type { Gpu } from "../compute/gpu.ts";
import { GpuMemoryError } from "../compute/gpu_failures.ts";
import { InputError, messageOf } from "../errors.ts";
import type { Rows } from "../files/rows.ts";
import transposeShader from "../wgsl/transpose.wgsl" with { type: "text" };
import { chooseTile } from "./choose_tile.ts";
import { encodeShader, type EncodeTile, TILE_QUESTIONS, tileFeatures } from "./encode_kernel.ts";
import { checkEncodeInput, type Encoded, type EncodeInput, type Encoder } from "./encoder.ts";
import { addTile, emptyMoments, type QuestionTile, tileQuestions } from "./moments.ts";
import type { Sae } from "./sae.ts";

/** The side of the transposing shader's workgroup. */
const TRANSPOSE_BLOCK = 16;
/** What the depth is padded to: a whole number of steps of every tile. */
const DEPTH_STEP = 32;
/** How large a buffer gets at most, in bytes. */
export const CHUNK_BYTES: number = 64 * 2 ** 20;
/** The same where the GPU's memory is too small, at least, and how much smaller it gets at a time. */
const LEAST_CHUNK_BYTES = 2 ** 20;
const SMALLER = 4;
/** The most workgroups along a side of a grid: WebGPU's limit everywhere. */
const MAX_WORKGROUPS = 65535;

/** What an encoder may be told; it finds out itself what it is not told. */
export interface WebGpuEncoderOptions {
  /** The largest buffer, in bytes. Default: 64 MiB, or what the device can hold. */
  readonly chunkBytes?: number | undefined;
  /** The size of tile. Default: the fastest on this device. */
  readonly tile?: EncodeTile | undefined;
  /** Told in one line when buffers become smaller for want of memory. */
  readonly onNote?: ((message: string) => void) | undefined;
}

/** An encoder on a GPU. */
export class WebGpuEncoder implements Encoder {
  readonly backend = "wgsl";
  #gpu: Gpu;
  #chunkBytes: number;
  #tile: EncodeTile | undefined;
  #onNote: (message: string) => void;

  /**
   * Encodes on a device.
   *
   * @param gpu The device; it stays the caller's.
   */
  constructor(gpu: Gpu, options: WebGpuEncoderOptions = {}) {
    const { chunkBytes = CHUNK_BYTES, tile, onNote = () => {} } = options;
    this.#gpu = gpu;
    this.#chunkBytes = Math.min(chunkBytes, gpu.maxStorageBytes);
    this.#tile = tile;
    this.#onNote = onNote;
  }

  /**
   * See {@linkcode Encoder}. Where the GPU's memory is too small, buffers become smaller.
   *
   * @throws {GpuLostError} If the GPU was lost.
   * @throws {InputError} If its memory is too small even so.
   */
  async encode(input: EncodeInput): Promise<Encoded> {
    checkEncodeInput(input);
    for (;;) {
      try {
        return await this.#encodeAll(input);
      } catch (error) {
        const cause = await this.#causeOf(error);
        if (!(cause instanceof GpuMemoryError)) throw cause;
        const what = `${messageOf(cause)}, in pieces of ${this.#chunkBytes / 2 ** 20} MiB`;
        if (this.#chunkBytes < LEAST_CHUNK_BYTES * SMALLER) {
          throw new InputError(what, { advice: { kind: "free_gpu" } });
        }
        this.#chunkBytes /= SMALLER;
        this.#onNote(`${what}; they are smaller from here on`);
      }
    }
  }

  /** What was thrown may be a consequence, as of a shader that a lost device cannot compile. */
  async #causeOf(error: unknown): Promise<unknown> {
    if (error instanceof InputError) return error;
    return await this.#gpu.failures.causeOf(messageOf(error)) ?? error;
  }

  async #encodeAll(input: EncodeInput): Promise<Encoded> {
    const { hidden, groupSizes, sae } = input;
    const moments = emptyMoments(groupSizes, sae.featureCount);
    const slotActivations = new Float32Array(hidden.count * sae.slotCount);
    const encoded = { moments, slotActivations };
    const tile = this.#tile ??= await chooseTile(this.#gpu);
    const chunks = planChunks(sae, this.#chunkBytes, tileFeatures(tile));
    const tiles = tileQuestions(groupSizes, TILE_QUESTIONS);
    for (let start = 0; start < tiles.length; start += chunks.tiles) {
      const chunk = tiles.slice(start, start + chunks.tiles);
      const states = await this.#transposed(
        "hidden states",
        packTiles(hidden, chunk),
        { rows: chunk.length * TILE_QUESTIONS, columns: sae.width, padTo: TILE_QUESTIONS },
      );
      try {
        for (let first = 0; first < sae.featureCount; first += chunks.features) {
          const count = Math.min(chunks.features, sae.featureCount - first);
          await this.#encodeChunk(input, encoded, states, chunk, { first, count, tile });
        }
      } finally {
        states.destroy();
      }
    }
    return encoded;
  }

  /** Nothing to give back: every buffer is destroyed by the call that made it. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Encodes some tiles of questions with some of the features. */
  async #encodeChunk(
    { sae, threshold }: EncodeInput,
    encoded: Encoded,
    states: GPUBuffer,
    tiles: readonly QuestionTile[],
    { first, count, tile }: FeatureRange & { tile: EncodeTile },
  ): Promise<void> {
    const gpu = this.#gpu;
    const paddedFeatures = roundUp(count, tileFeatures(tile));
    const firstSlot = Math.min(count, Math.max(0, sae.freeCount - first));
    const slotCount = count - firstSlot;
    const outputBytes = tiles.length * paddedFeatures * 4;

    const { width, weight } = sae;
    const rows = weight.subarray(first * width, (first + count) * width);
    const bias = new Float32Array(paddedFeatures);
    bias.set(sae.bias.subarray(first, first + count));

    const buffers: GPUBuffer[] = [];
    const own = (buffer: GPUBuffer) => (buffers.push(buffer), buffer);
    try {
      const problem = own(gpu.uniform(
        "problem",
        problemOf(sae, tiles.length, paddedFeatures, { count, firstSlot, threshold }),
      ));
      const encoder = own(
        await this.#transposed("encoder", rows, {
          rows: count,
          columns: width,
          padTo: tileFeatures(tile),
        }),
      );
      const biases = own(gpu.uploaded("bias", bias));
      const sizes = own(gpu.uploaded("tiles", Uint32Array.from(tiles, (tile) => tile.count)));
      const sums = own(gpu.storage("sums", outputBytes));
      const maxima = own(gpu.storage("maxima", outputBytes));
      const counts = own(gpu.storage("counts", outputBytes));
      const slots = own(gpu.storage("slots", tiles.length * TILE_QUESTIONS * slotCount * 4));
      gpu.dispatch(
        await gpu.pipeline("encode_reduce", encodeShader(tile)),
        [problem, states, encoder, biases, sizes, sums, maxima, counts, slots],
        [paddedFeatures / tileFeatures(tile), tiles.length],
      );
      const results = await gpu.read([sums, maxima, counts, slots]);
      collect(encoded, sae, tiles, { first, count }, paddedFeatures, results);
    } finally {
      for (const buffer of buffers) buffer.destroy();
    }
  }

  /** A matrix [rows, columns] as the shader wants it: [columns, rows], padded with zeros. */
  async #transposed(
    label: string,
    matrix: Float32Array<ArrayBuffer>,
    { rows, columns, padTo }: { rows: number; columns: number; padTo: number },
  ): Promise<GPUBuffer> {
    const gpu = this.#gpu;
    const paddedRows = roundUp(rows, padTo);
    const paddedColumns = roundUp(columns, DEPTH_STEP);
    const result = gpu.storage(label, paddedRows * paddedColumns * 4);
    const source = gpu.uploaded(`${label}, as stored`, matrix);
    const shape = gpu.uniform("shape", Uint32Array.of(rows, columns, paddedRows).buffer);
    gpu.dispatch(
      await gpu.pipeline("transpose", transposeShader),
      [shape, source, result],
      [paddedColumns / TRANSPOSE_BLOCK, paddedRows / TRANSPOSE_BLOCK],
    );
    source.destroy(); // the queue keeps it until the shader has run
    shape.destroy();
    return result;
  }
}

/** How much is encoded at a time. */
interface ChunkSizes {
  /** Features: a multiple of a tile. */
  features: number;
  /** Tiles of questions. */
  tiles: number;
}

/** The largest chunks for which no buffer and no grid of workgroups is too large. */
function planChunks(
  { width, featureCount, slotCount }: Sae,
  chunkBytes: number,
  tileFeatures: number,
): ChunkSizes {
  const rowBytes = 4 * roundUp(width, DEPTH_STEP);
  // weights and hidden states as they are sent, and the grid of the transposing shader
  const rows = Math.min(
    Math.floor(chunkBytes / rowBytes),
    MAX_WORKGROUPS * TRANSPOSE_BLOCK,
  );
  const wanted = Math.min(roundDown(rows, tileFeatures), roundUp(featureCount, tileFeatures));
  const features = Math.max(tileFeatures, wanted);
  const tiles = Math.min(
    Math.floor(rows / TILE_QUESTIONS),
    Math.floor(chunkBytes / (4 * Math.max(features, TILE_QUESTIONS * slotCount))), // what comes back
    MAX_WORKGROUPS,
  );
  return { features, tiles: Math.max(1, tiles) };
}

interface FeatureRange {
  first: number;
  count: number;
}

/** The shader's uniform buffer `Problem`. */
function problemOf(
  sae: Sae,
  tiles: number,
  paddedFeatures: number,
  { count, firstSlot, threshold }: { count: number; firstSlot: number; threshold: number },
): ArrayBuffer {
  const problem = new ArrayBuffer(7 * 4);
  new Uint32Array(problem).set([
    roundUp(sae.width, DEPTH_STEP),
    (tiles * TILE_QUESTIONS) / 4,
    paddedFeatures / 4,
    count,
    firstSlot,
    sae.kind === "traditional" ? 1 : 0,
  ]);
  new Float32Array(problem)[6] = threshold;
  return problem;
}

/** The hidden states of tiles, each tile beginning at a multiple of its full size. */
function packTiles(hidden: Rows, tiles: readonly QuestionTile[]): Float32Array<ArrayBuffer> {
  const tileLength = TILE_QUESTIONS * hidden.width;
  const packed = new Float32Array(tiles.length * tileLength);
  tiles.forEach(({ first, count }, tile) => {
    packed.set(hidden.read(first, count), tile * tileLength);
  });
  return packed;
}

/** Adds what came back from the GPU to the moments, and puts the slots where they belong. */
function collect(
  { moments, slotActivations }: Encoded,
  sae: Sae,
  tiles: readonly QuestionTile[],
  { first, count }: FeatureRange,
  paddedFeatures: number,
  [sums, maxima, counts, slots]: Float32Array[],
): void {
  const firstSlot = Math.max(0, first - sae.freeCount); // the chunk's first among the SAE's
  const slotCount = Math.min(count, Math.max(0, first + count - sae.freeCount));
  tiles.forEach((tile, index) => {
    const start = index * paddedFeatures;
    const end = start + count;
    addTile(moments, {
      group: tile.group,
      firstFeature: first,
      sums: sums!.subarray(start, end),
      maxima: maxima!.subarray(start, end),
      counts: counts!.subarray(start, end),
    });
    for (let row = 0; row < tile.count; row++) {
      const from = (index * TILE_QUESTIONS + row) * slotCount;
      const to = (tile.first + row) * sae.slotCount + firstSlot;
      slotActivations.set(slots!.subarray(from, from + slotCount), to);
    }
  });
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
