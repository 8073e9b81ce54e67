/**
 * A thread that encodes with ONNX Runtime's native code, which keeps the thread that calls it busy:
 * two threads with a session each, of half of the cores, wait for each other less than all threads of
 * one session do at each of its operators.
 *
 * @module
 */
import { nativeDirectory } from "../../compute/native_runtime.ts";
import { WorkerPool } from "../../compute/worker_pool.ts";
import type { Rows } from "../../files/rows.ts";
import { withRows } from "../feature_rows.ts";
import type { EncodeTask } from "./encode_task.ts";
import type { Encoded } from "./encoder.ts";
import type { EncodingAnswer, EncodingRequest, EncodingSetup } from "./encoding_messages.ts";

/** So many pieces of activations are kept for their memory: those of the parts on their way, about. */
const MOST_ROOMS = 8;

/** The thread; it starts with the first task. Whoever makes it closes it, by `await using`. */
export class EncodingThread implements AsyncDisposable {
  #pool: WorkerPool<EncodingRequest, EncodingAnswer>;
  #isStarted = false;
  /** The states that the thread has. */
  #hidden: Rows | undefined;
  /** Memory for the rows of encoders: the operating system takes long to make new one. */
  #spare: Float32Array<ArrayBuffer>[] = [];
  /** Memory for activations. */
  #rooms: Float32Array<ArrayBuffer>[] = [];

  /**
   * Starts nothing yet.
   *
   * @param threads How many threads ONNX Runtime computes with.
   */
  constructor(threads: number) {
    const setup: EncodingSetup = { threads, libraries: nativeDirectory() };
    // a binary's libraries may have to be unpacked, which is writing
    const permissions = Deno.build.standalone ? undefined : "draw";
    const module = import.meta.resolve("./encoding_worker.ts");
    this.#pool = new WorkerPool(module, { size: 1, setup, permissions });
  }

  /**
   * Encodes a task without top-k, once those before are done.
   *
   * @throws {InputError} If a weight is damaged or not finite, or ONNX Runtime fails.
   * @throws {Deno.errors.NotCapable} If no thread may be started here.
   * @throws {Error} If the thread has died.
   */
  async encode({ hidden, sae, cutoffs: _, into, ...how }: EncodeTask): Promise<Encoded> {
    const { rows, ...others } = sae;
    const range = { first: 0, count: sae.featureCount };
    const weight = await withRows(rows, range, (some) => this.#copyOf(some));
    const states = hidden === this.#hidden
      ? undefined
      : hidden.shared ?? hidden.read(0, hidden.count);
    this.#hidden = hidden;
    this.#isStarted = true;
    const rooms = into && this.#rooms.splice(0, this.#rooms.length);
    const answer = await this.#pool.run(
      { states, sae: others, weight, how, rooms },
      [weight, ...rooms ?? []].map(({ buffer }) => buffer),
    );
    this.#spare.push(answer.weight!);
    for (const { first, questions, values } of answer.columns ?? []) {
      into!.put(values, { feature: first, question: 0, many: questions });
      if (this.#rooms.length < MOST_ROOMS) this.#rooms.push(values);
    }
    return answer.encoded!;
  }

  /** Ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isStarted) await this.#pool.run("close").catch(() => {}); // it may be dead
    this.#pool[Symbol.dispose]();
  }

  #copyOf(values: Float32Array): Float32Array<ArrayBuffer> {
    const spare = this.#spare.pop();
    const room = spare !== undefined && spare.length >= values.length
      ? spare
      : new Float32Array(values.length);
    room.set(values);
    return room;
  }
}
