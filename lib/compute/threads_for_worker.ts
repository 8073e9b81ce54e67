/**
 * The part of the process in {@linkcode ProcessThreads}: it starts and ends the threads of its worker. It
 * gives up what it may do before the worker asks for the first, but for reading; so it makes one thread
 * ready before that which may load native code.
 *
 * @module
 */
import { nativeRoleOf } from "./native_thread.ts";
import type { ThreadCall, ThreadDeath } from "./process_threads.ts";
import { startBounded } from "./start_worker.ts";
import { THROUGH_A_PORT } from "./thread_talk.ts";

/** Threads that a process has started for its worker. */
export class ThreadsForWorker {
  #tell: (death: ThreadDeath) => void;
  #threads = new Map<number, Worker>();
  #native: Worker | undefined;

  /**
   * Starts at most the thread that may load native code.
   *
   * @param tell Tells the worker that a thread has died.
   * @param hasNative Whether there is to be such a thread.
   */
  constructor(tell: (death: ThreadDeath) => void, hasNative: boolean) {
    this.#tell = tell;
    const module = import.meta.resolve("./native_thread.ts");
    if (hasNative) this.#native = startBounded(module, "draw", THROUGH_A_PORT);
  }

  /** Does what the worker asks for. */
  do(call: ThreadCall): void {
    if ("endThread" in call) {
      this.#threads.get(call.endThread)?.terminate();
      this.#threads.delete(call.endThread);
      return;
    }
    const { startThread: id, module, port } = call;
    try {
      const role = nativeRoleOf(module);
      const thread = role === undefined
        ? startBounded(module, "read", THROUGH_A_PORT)
        : this.#takeNative();
      thread.onerror = (event) => {
        event.preventDefault();
        this.#tell({ deadThread: id, message: event.message });
      };
      thread.onmessage = () => thread.postMessage(port, [port]);
      this.#threads.set(id, thread);
      if (role !== undefined) thread.postMessage(role);
    } catch (error) {
      this.#tell({ deadThread: id, message: error instanceof Error ? error.message : `${error}` });
    }
  }

  #takeNative(): Worker {
    const thread = this.#native;
    if (thread === undefined) throw new Error("the thread for native code is taken");
    this.#native = undefined;
    return thread;
  }
}
