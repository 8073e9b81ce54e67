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

/**
 * With so few cores, one thread measures sparse features as fast as others encode them; a second one, which
 * would compile the same code once more, starts when so many pieces wait, as of dense ones.
 */
const FEW_CORES = 2;
const PATIENCE = 12;

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
   * @param size How many threads; it changes no number. Default: as many as there are cores, eight at most.
   */
  constructor(setup: SelectivitySetup, size?: number) {
    const module = import.meta.resolve("./selectivity_worker.ts");
    const patience = (size ?? navigator.hardwareConcurrency) > FEW_CORES ? 1 : PATIENCE;
    this.#threads = new WorkerPool(module, { setup, size, patience, permissions: "read" });
  }

  /** Starts the threads that so many activations will keep busy, or the first where cores are few. */
  startFor(activations: number): void {
    const wanted = Math.ceil(activations / PIECE);
    this.#threads.startFor(this.#threads.size > FEW_CORES ? wanted : Math.min(1, wanted));
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
    if (this.#free.length < MOST_FREE) this.#free.push(room);
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    this.#threads[Symbol.dispose]();
  }
}

/** So many pieces are kept for their room: as many as are filled and measured at a time, about. */
const MOST_FREE = 32;
