/**
 * The threads that measure how selective features are.
 *
 * @module
 */
import { WorkerPool } from "../../compute/worker_pool.ts";
import type {
  SelectivityAnswer,
  SelectivityRequest,
  SelectivitySetup,
} from "./selectivity_worker.ts";

/** How many activations a thread is handed at a time. */
export const PIECE: number = 2 ** 19;

/** Threads that measure features of one design; whoever starts them closes them, by `using`. */
export class SelectivityPool implements Disposable {
  readonly #threads: WorkerPool<SelectivityRequest, SelectivityAnswer>;
  /**
   * Room that came back. New memory for each piece would cost as much time as a sparse feature does.
   */
  readonly #free: Float32Array<ArrayBuffer>[] = [];

  /**
   * Makes a pool; no thread is started yet.
   *
   * @param size How many threads; it changes no number. Default: as many as there are cores.
   */
  constructor(setup: SelectivitySetup, size?: number) {
    const module = import.meta.resolve("./selectivity_worker.ts");
    this.#threads = new WorkerPool(module, { setup, size, permissions: "read" });
  }

  /** Starts the threads that so many activations will keep busy. */
  startFor(activations: number): void {
    this.#threads.startFor(Math.ceil(activations / PIECE));
  }

  /**
   * Measures neighbouring features.
   *
   * @param request Their activations; all of their buffer is the thread's until they come back.
   */
  measure(request: SelectivityRequest): Promise<SelectivityAnswer> {
    return this.#threads.run(request, [request.values.buffer]);
  }

  /** Room for so many activations; what it holds is of no account. */
  room = (length: number): Float32Array<ArrayBuffer> => {
    const at = this.#free.findLastIndex((room) => room.length === length);
    return at === -1 ? new Float32Array(length) : this.#free.splice(at, 1)[0]!;
  };

  /** Gives room back: nobody looks at it any more. */
  giveBack(room: Float32Array<ArrayBuffer>): void {
    this.#free.push(room);
    // Of another SAE no piece may have its size any more.
    if (this.#free.length > MOST_FREE) this.#free.shift();
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    this.#threads[Symbol.dispose]();
  }
}

/** So many pieces are kept for their room: as many as are filled and measured at a time, about. */
const MOST_FREE = 32;
