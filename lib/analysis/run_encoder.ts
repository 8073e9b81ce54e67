/**
 * The encoder of a run, on a device that may be lost and opened again. What it gives is checked.
 *
 * @module
 */
import type { ComputeDevice } from "../compute/device.ts";
import type { LastingDevice } from "../compute/lasting_device.ts";
import type { ReadingThreads } from "../reading/reading_threads.ts";
import type { CheckAnswer } from "../sae/encode/apart.ts";
import {
  createEncoder,
  encodeAhead,
  encodeChecked,
  type EncoderOptions,
} from "../sae/encode/create_encoder.ts";
import type { EncodingThreads } from "../sae/encode/encoding_threads.ts";
import type { PoolWork } from "../sae/encode/pool_task.ts";
import type { Encoded, EncodeInput, Encoder } from "../sae/encode/encoder.ts";

/** Encodes the sites of a run. Whoever makes it closes it, by `await using`. */
export class RunEncoder implements AsyncDisposable {
  #device: LastingDevice;
  #reading: ReadingThreads;
  #threads: EncodingThreads | undefined;
  #onNote: (message: string) => void;
  /** A device that was opened again needs an encoder of its own. */
  #encoders = new Map<ComputeDevice, Encoder>();
  #closed = new AsyncDisposableStack();

  /**
   * Makes nothing yet.
   *
   * @param device Where to compute; it stays the caller's.
   * @param reading Who checks; they stay the caller's.
   * @param how Who shares the work of native code, if anybody does, and who is told, in one line, how the
   * encoder helps itself.
   */
  constructor(
    device: LastingDevice,
    reading: ReadingThreads,
    { threads, onNote }: Pick<EncoderOptions, "threads" | "onNote"> = {},
  ) {
    this.#device = device;
    this.#reading = reading;
    this.#threads = threads;
    this.#onNote = onNote ?? (() => {});
  }

  /**
   * Encodes states, and computes a sample of them once more.
   *
   * @param what What they are, for messages.
   * @throws {InputError} If the device fails or computes wrongly.
   */
  async encode(input: EncodeInput, what: string): Promise<Encoded> {
    return await this.#device.run(({ device, pieceSize }) =>
      encodeChecked(this.#encoder(device, pieceSize), input, { what, device: device.name })
    );
  }

  /**
   * Encodes states, and has a sample of them computed once more, by another thread if it is worth it,
   * while this one goes on with others.
   *
   * @param what What they are, for messages.
   * @returns What came of it, and what the check says: rejected with an {@linkcode InputError} if the
   * device computes wrongly; undefined if this thread has checked.
   * @throws {InputError} If the device fails, or computes wrongly, as far as this thread knows.
   */
  async encodeAhead(
    input: EncodeInput,
    what: string,
  ): Promise<{ encoded: Encoded; check: Promise<CheckAnswer | undefined> }> {
    return await this.#device.run(({ device, pieceSize }) => {
      const subject = { what, device: device.name };
      return encodeAhead(this.#encoder(device, pieceSize), input, subject, this.#reading);
    });
  }

  /** Who pools so many bytes of features. */
  poolWork(bytes: number): PoolWork {
    return this.#reading.poolWork(bytes);
  }

  #encoder(device: ComputeDevice, pieceSize: number): Encoder {
    const how = { pieceSize, onNote: this.#onNote, threads: this.#threads };
    const create = () => this.#closed.use(createEncoder(device, how));
    return this.#encoders.getOrInsertComputed(device, create);
  }

  /** Gives back all encoders. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closed.disposeAsync();
  }
}
