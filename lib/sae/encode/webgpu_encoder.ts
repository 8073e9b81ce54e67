/**
 * Encodes with coact's own shaders on Deno's WebGPU: the activations are reduced where they are
 * computed and never stored.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import { GpuMemoryError } from "../../compute/gpu_failures.ts";
import type { Kernel } from "../../compute/kernel.ts";
import { InputError, messageOf } from "../../base/errors.ts";
import { finite, formOf, packParameters } from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import { emptyCutoffs } from "../top_k.ts";
import { chooseTile } from "./choose_tile.ts";
import {
  packTiles,
  paddedWidth,
  pieceBytesOf,
  planChunks,
  roundUp,
  shared,
  usualChunkBytes,
} from "./encode_chunks.ts";
import { encodeShader, PROBLEM } from "./encode_kernel.ts";
import { type EncodeTile, TILE_QUESTIONS, tileFeatures } from "./tile_product.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";
import type { EncodeTask } from "./encode_task.ts";
import { KeptChunks, usualKeptBytes } from "./kept_chunks.ts";
import { encodeKept } from "./kept_features.ts";
import { type QuestionTile, tileQuestions } from "./question_tiles.ts";
import { emptyReductions, type Reduction, reductionsOf } from "./reductions.ts";
import { findCutoffs } from "./select_top_k.ts";
import { prepareTranspose, transposed, transposedRows } from "./transpose.ts";
import { collectChunk, packTileSizes, questionsOf } from "./gpu_tiles.ts";

/** The same where the GPU's memory is too small, at least, and how much smaller it gets at a time. */
const LEAST_CHUNK_BYTES = 2 ** 20;

const SMALLER = 4;

/** What an encoder may be told; it finds out itself what it is not told. */
export interface WebGpuEncoderOptions {
  /** The largest buffer, in bytes. Default: 64 MiB, 16 where the GPU is a program; or what it can hold. */
  readonly chunkBytes?: number | undefined;
  /**
   * How much of an encoder stays on the GPU where it is used several times, in bytes, beside the chunk
   * at work. It changes no result. Default: what {@linkcode usualKeptBytes} says.
   */
  readonly keptBytes?: number | undefined;
  /** The size of tile. Default: the fastest on this device. */
  readonly tile?: EncodeTile | undefined;
  /** Told in one line when nothing stays there or buffers become smaller, for want of memory. */
  readonly onNote?: ((message: string) => void) | undefined;
}

/** An encoder on a GPU. */
export class WebGpuEncoder implements Encoder {
  readonly backend = "wgsl";
  readonly tileQuestions: number = TILE_QUESTIONS;
  #gpu: Gpu;
  #chunkBytes: number;
  #keptBytes: number;
  #tile: EncodeTile | undefined;
  #onNote: (message: string) => void;

  /**
   * Encodes on a device.
   *
   * @param gpu The device; it stays the caller's.
   */
  constructor(gpu: Gpu, options: WebGpuEncoderOptions = {}) {
    const { chunkBytes = usualChunkBytes(gpu), tile, onNote = () => {} } = options;
    const { keptBytes = usualKeptBytes(gpu) } = options;
    this.#gpu = gpu;
    this.#chunkBytes = Math.min(chunkBytes, gpu.maxStorageBytes);
    this.#keptBytes = keptBytes;
    this.#tile = tile;
    this.#onNote = onNote;
  }

  /**
   * See {@linkcode Encoder}. Where the GPU's memory is too small, nothing of the encoder stays there
   * from one use to the next; if that is not enough, buffers become smaller.
   *
   * @throws {GpuLostError} If the GPU was lost.
   * @throws {InputError} If its memory is too small even so.
   */
  async encode(input: EncodeInput): Promise<Encoded> {
    return await encodeKept(input, (task) => this.#encode(task));
  }

  async #encode(task: EncodeTask): Promise<Encoded> {
    for (;;) {
      using keptChunks = new KeptChunks(this.#keptBytes);
      try {
        return await this.#encodeAll(task, keptChunks);
      } catch (error) {
        const cause = await this.#causeOf(error);
        if (!(cause instanceof GpuMemoryError)) throw cause;
        if (keptChunks.hasKept) {
          this.#keptBytes = 0;
          this.#onNote(`${messageOf(cause)}; encoders are sent anew each time from here on`);
          continue; // what was kept is gone before anything is made again
        }
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

  async #encodeAll(given: EncodeTask, keptChunks: KeptChunks): Promise<Encoded> {
    const { hidden, sae, also, into } = given;
    const task = into ? { ...given, kept: { first: 0, count: sae.featureCount } } : given;
    const reductions = emptyReductions(task, sae.featureCount, also);
    const keptActivations = new Float32Array(into ? 0 : hidden.count * task.kept.count);
    const { threshold } = sae.activation;
    const topK = typeof threshold === "object" && "k" in threshold ? threshold : undefined;
    const cutoffs = topK && (task.cutoffs ?? emptyCutoffs(hidden.count));
    const encoded = { reductions, keptActivations, cutoffs };
    const tile = this.#tile ??= await chooseTile(this.#gpu);
    const kernels = await this.#prepare(task, tile);
    const chunks = planChunks(task, this.#chunkBytes, tileFeatures(tile));
    const tiles = tileQuestions(task, TILE_QUESTIONS);
    const lend = <T>(
      range: FeatureRange,
      isLast: boolean,
      use: (encoder: GPUBuffer, isNew: boolean) => Promise<T>,
    ) => {
      const make = () => this.#encoderRows(kernels, sae, range);
      return keptChunks.use(range.first, { isLast, make }, use);
    };
    for (let start = 0; start < tiles.length; start += chunks.tiles) {
      const isLast = start + chunks.tiles >= tiles.length;
      const chunk = tiles.slice(start, start + chunks.tiles);
      const rows = chunk.length * TILE_QUESTIONS;
      const shape = { rows, columns: sae.width, paddedRows: rows };
      const packed = packTiles(hidden, chunk);
      const states = this.#transposed(kernels, "hidden states", packed, shape);
      try {
        if (topK && !task.cutoffs) {
          await findCutoffs(this.#gpu, { sae, topK, tile, states, tiles: chunk }, {
            features: chunks.features,
            lend: (range, use) => lend(range, false, use),
          }, cutoffs!);
        }
        for (let first = 0; first < sae.featureCount; first += chunks.features) {
          const range = { first, count: Math.min(chunks.features, sae.featureCount - first) };
          await lend(range, isLast, (encoder) => {
            const buffers = { encoder, states };
            return this.#encodeChunk(task, encoded, { buffers, tiles: chunk }, kernels, range);
          });
        }
      } finally {
        states.destroy();
      }
    }
    return encoded;
  }

  /** Compiles what encoding needs; what is compiled already is taken from the device. */
  async #prepare({ sae, also }: EncodeTask, tile: EncodeTile): Promise<Kernels> {
    const reductions = reductionsOf(also);
    const shader = encodeShader(tile, formOf(sae.activation), reductions);
    return {
      tile,
      reductions,
      transpose: await prepareTranspose(this.#gpu),
      encode: await this.#gpu.prepare("encode_reduce", shader),
    };
  }

  /** Nothing to give back: every buffer is destroyed by the call that made it. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Encodes some tiles of questions with some of the features. */
  async #encodeChunk(
    { sae, threshold, kept: allKept, into }: EncodeTask,
    encoded: Encoded,
    { buffers: { encoder, states }, tiles }: {
      buffers: Record<"encoder" | "states", GPUBuffer>;
      tiles: readonly QuestionTile[];
    },
    kernels: Kernels,
    range: FeatureRange,
  ): Promise<void> {
    const gpu = this.#gpu;
    const { width, activation } = sae;
    const { first, count } = range;
    const { cutoffs } = encoded;
    const step = tileFeatures(kernels.tile);
    const paddedRows = roundUp(count, step);
    const kept = shared(range, allKept);
    const questions = questionsOf(tiles).count;
    const problem = PROBLEM.pack({
      depth: paddedWidth(width),
      question_stride: (tiles.length * TILE_QUESTIONS) / 4,
      feature_stride: paddedRows / 4,
      first_feature: first,
      first_kept: kept.first - first,
      end_kept: kept.first - first + kept.count,
      // Columns are kept feature after feature.
      kept_question_stride: into ? 1 : kept.count,
      kept_feature_stride: into ? questions : 1,
      activation_threshold: finite(
        typeof activation.threshold === "number" ? activation.threshold : 0,
      ),
      activation_floor: finite(activation.floor ?? 0),
      count_above: threshold,
    });

    using scope = new DisposableStack();
    const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
    const inputs = [
      own(gpu.uniform("problem", problem)),
      states,
      encoder,
      own(gpu.uploaded("parameters", packParameters(sae, range, paddedRows))),
      own(gpu.uploaded("tiles", packTileSizes(tiles, cutoffs))),
    ];
    const { reductions } = kernels;
    const reduced = own(
      gpu.storage("reductions", reductions.length * tiles.length * paddedRows * 4),
    );
    const keptBuffer = own(gpu.storage("kept", questions * kept.count * 4));
    const buffers = [...inputs, reduced, keptBuffer];
    gpu.dispatch(kernels.encode, buffers, [paddedRows / step, tiles.length]);
    const chunk = { tiles, range, paddedRows, reductions, kept };
    await collectChunk(gpu, { reduced, kept: keptBuffer }, chunk, { encoded, allKept, into });
  }

  /** The encoder's rows of neighbouring features as the kernel wants them. */
  async #encoderRows(
    kernels: Kernels,
    sae: Sae,
    range: FeatureRange,
  ): Promise<GPUBuffer> {
    const paddedRows = roundUp(range.count, tileFeatures(kernels.tile));
    const paddedColumns = paddedWidth(sae.width);
    const shape = { rows: range.count, columns: sae.width, paddedRows, paddedColumns };
    const source = { label: "encoder", rows: sae.rows, range };
    const pieceBytes = pieceBytesOf(this.#chunkBytes);
    return await transposedRows(this.#gpu, kernels.transpose, source, shape, pieceBytes);
  }

  /** A matrix [rows, columns] as the kernel wants it: [padded columns, padded rows]. */
  #transposed(
    { transpose }: Kernels,
    label: string,
    matrix: Float32Array<ArrayBuffer>,
    shape: { rows: number; columns: number; paddedRows: number },
  ): GPUBuffer {
    const paddedColumns = paddedWidth(shape.columns);
    const pieceBytes = pieceBytesOf(this.#chunkBytes);
    return transposed(
      this.#gpu,
      transpose,
      label,
      matrix,
      { ...shape, paddedColumns },
      pieceBytes,
    );
  }
}

/** What was compiled, and for which tile. */
interface Kernels {
  tile: EncodeTile;
  reductions: readonly Reduction[];
  transpose: Kernel;
  encode: Kernel;
}
