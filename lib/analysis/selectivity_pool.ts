/**
 * The threads that measure how selective features are.
 *
 * @module
 */
import { WorkerPool } from "../compute/worker_pool.ts";
import type { Selectivity } from "../stats/selectivity/selectivity.ts";
import type { SelectivityRequest, SelectivitySetup } from "./selectivity_worker.ts";

/** How many activations a thread is handed at a time. */
const PIECE = 2 ** 19;

/** Threads that measure features of one design; whoever starts them closes them, by `using`. */
export class SelectivityPool implements Disposable {
  readonly #threads: WorkerPool<SelectivityRequest, Selectivity>;
  /**
   * Memory that threads see, too, and that none of them reads now. New memory for each piece would cost as much
   * time as a sparse feature does.
   */
  readonly #free: Float32Array<SharedArrayBuffer>[] = [];

  /**
   * Makes a pool; no thread is started yet.
   *
   * @param size How many threads; it changes no number. Default: as many as there are cores.
   */
  constructor(setup: SelectivitySetup, size?: number) {
    const module = import.meta.resolve("./selectivity_worker.ts");
    this.#threads = new WorkerPool(module, { setup, size, permissions: "read" });
  }

  /**
   * Measures neighbouring features, some by one thread, some by the next.
   *
   * @param values Their activations, `[count, questions]`, which are copied before it returns.
   * @returns What was measured of each piece, in order.
   */
  measure(values: Float32Array, count: number): Promise<Selectivity[]> {
    const questions = values.length / count;
    const most = Math.max(1, Math.floor(PIECE / Math.max(1, questions)));
    const answers: Promise<Selectivity>[] = [];
    for (let from = 0; from < count; from += most) {
      const some = values.subarray(from * questions, Math.min(count, from + most) * questions);
      answers.push(this.#measurePiece(some, some.length / questions));
    }
    return Promise.all(answers);
  }

  async #measurePiece(values: Float32Array, count: number): Promise<Selectivity> {
    const room = this.#roomFor(values.length);
    room.set(values);
    const answer = await this.#threads.run({ count, values: room.subarray(0, values.length) });
    this.#free.push(room);
    return answer;
  }

  #roomFor(length: number): Float32Array<SharedArrayBuffer> {
    const found = this.#free.pop();
    if (found !== undefined && found.length >= length) return found;
    return new Float32Array(new SharedArrayBuffer(4 * Math.max(PIECE, length)));
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    this.#threads[Symbol.dispose]();
  }
}
