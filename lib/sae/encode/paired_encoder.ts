/**
 * Encodes through ONNX Runtime's native code in two threads, this one and another.
 *
 * @module
 */
import type { OrtRuntime } from "../../compute/ort_session.ts";
import { FEATURE_STEP } from "../feature_ranges.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";
import { encodeParts, type PartSizes } from "./encode_parts.ts";
import type { EncodeTask } from "./encode_task.ts";
import { EncodingThread } from "./encoding_thread.ts";
import { encodeKept } from "./kept_features.ts";
import { OrtEncoder } from "./ort_encoder.ts";

/** From how many multiplications on: a thread takes a tenth of a second to start. */
const LEAST_WORK = 2 ** 32;
/**
 * Features a part, for each thread of ONNX Runtime: their activations of a tile stay in the caches of a
 * core.
 */
const FEATURES_A_THREAD = 512;
/** Features a part, at most and at least; with several threads a half, less would be filled up. */
const [MOST_FEATURES, LEAST_FEATURES, LEAST_ALONE] = [2048, 256, 128];

/** Up to how many bytes memory for hidden states is kept. */
const MOST_ROOM = 32 * 2 ** 20;

/** Which tasks two threads share. */
export interface PairOptions {
  /** From how many multiplications on. Default: some 4 billion. */
  readonly leastWork?: number | undefined;
}

/**
 * An encoder on ONNX Runtime's native code for several threads. What is long is shared by two threads,
 * each with half of them; the rest is encoded by this one with all of them. Both give the same bytes.
 */
export class PairedEncoder implements Encoder {
  readonly backend: string;
  readonly tileQuestions: number;
  #leastWork: number;
  #sizes: PartSizes;
  #alone: OrtEncoder;
  #here: OrtEncoder;
  #there: EncodingThread | undefined;
  /** Memory for hidden states, while it is not in use. */
  #room: Float32Array<ArrayBuffer> | undefined;

  /** Encodes on native code with two threads or more. */
  constructor({ threads }: OrtRuntime, { leastWork = LEAST_WORK }: PairOptions = {}) {
    const half = Math.ceil(threads / 2);
    this.#leastWork = leastWork;
    this.#alone = new OrtEncoder({ backend: "cpu", threads });
    this.#here = new OrtEncoder({ backend: "cpu", threads: half });
    this.#there = new EncodingThread(half);
    this.backend = this.#alone.backend;
    this.tileQuestions = this.#alone.tileQuestions;
    this.#sizes = {
      tileQuestions: this.tileQuestions,
      most: Math.min(MOST_FEATURES, FEATURES_A_THREAD * half),
      least: half === 1 ? LEAST_ALONE : LEAST_FEATURES,
    };
  }

  /** See {@linkcode Encoder}. */
  async encode(input: EncodeInput): Promise<Encoded> {
    return await encodeKept(input, (task) => this.#encode(task));
  }

  async #encode(task: EncodeTask): Promise<Encoded> {
    const there = this.#there;
    if (there === undefined || !this.#isShared(task)) return await this.#alone.encodeTask(task);
    const takers = [
      (part: EncodeTask) => this.#here.encodeTask(part),
      // Two parts are on their way, so that the thread has the next one when it is done.
      (part: EncodeTask) => there.encode(part),
      (part: EncodeTask) => there.encode(part),
    ];
    const { shared } = task.hidden;
    const room = shared && this.#takeRoom(shared.length);
    try {
      return await encodeParts(task, takers, { ...this.#sizes, room });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      this.#there = undefined; // threads may not be started here, as of modules from the web
      return await this.#alone.encodeTask(task);
    } finally {
      this.#room = room ?? this.#room;
    }
  }

  #takeRoom(length: number): Float32Array<ArrayBuffer> | undefined {
    const room = this.#room;
    this.#room = undefined;
    if (room?.length === length) return room;
    return 4 * length <= MOST_ROOM ? new Float32Array(length) : undefined;
  }

  /** Rows that do not stay in memory are read some thousand at a time, for that is fast. */
  #isShared({ hidden, sae }: EncodeTask): boolean {
    const { width, featureCount, rows, activation: { threshold } } = sae;
    const isTopK = typeof threshold === "object" && "k" in threshold;
    return !isTopK && rows.release === undefined &&
      featureCount >= 2 * FEATURE_STEP &&
      hidden.count * width * featureCount >= this.#leastWork;
  }

  /** Gives the sessions' memory back, and ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    const parts = [this.#there, this.#here, this.#alone];
    await Promise.all(parts.map((part) => part?.[Symbol.asyncDispose]()));
  }
}
