/**
 * The part of the process in {@linkcode ProcessThreads}: it starts and ends the threads of its worker.
 *
 * @module
 */
import type { ThreadCall, ThreadDeath } from "./process_threads.ts";
import { startBounded } from "./start_worker.ts";
import { THROUGH_A_PORT } from "./thread_talk.ts";

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
      const thread = startBounded(module, permissions, THROUGH_A_PORT);
      thread.onerror = (event) => {
        event.preventDefault();
        this.#tell({ deadThread: id, message: event.message });
      };
      thread.onmessage = () => thread.postMessage(port, [port]);
      this.#threads.set(id, thread);
    } catch (error) {
      this.#tell({ deadThread: id, message: error instanceof Error ? error.message : `${error}` });
    }
  }
}
