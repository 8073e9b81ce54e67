/**
 * The part of the process in {@linkcode ProcessThreads}: it starts and ends the threads of its worker.
 *
 * @module
 */
import type { ThreadCall, ThreadDeath } from "./process_threads.ts";
import { startBounded } from "./start_worker.ts";

/** Threads that a process has started for its worker. */
export class ThreadsForWorker {
  #tell: (death: ThreadDeath) => void;
  #threads = new Map<number, Worker>();

  /**
   * Starts nothing yet.
   *
   * @param tell Tells the worker that a thread has died.
   */
  constructor(tell: (death: ThreadDeath) => void) {
    this.#tell = tell;
  }

  /** Does what the worker asks for. */
  do(call: ThreadCall): void {
    if ("endThread" in call) {
      this.#threads.get(call.endThread)?.terminate();
      this.#threads.delete(call.endThread);
      return;
    }
    const { startThread: id, module, permissions, port } = call;
    try {
      const thread = startBounded(import.meta.resolve("./thread_entry.ts"), permissions);
      thread.onerror = (event) => {
        event.preventDefault();
        this.#tell({ deadThread: id, message: event.message });
      };
      thread.postMessage({ module, port }, [port]);
      this.#threads.set(id, thread);
    } catch (error) {
      this.#tell({ deadThread: id, message: error instanceof Error ? error.message : `${error}` });
    }
  }
}
