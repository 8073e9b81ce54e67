/**
 * Threads of a worker that its process starts for it: those that read, and one that loads native code. They
 * talk with the worker alone, through a port.
 *
 * Workaround: from Deno 2.9.1 to 2.9.6, the current one, a worker that a worker starts waits for a debugger
 * twice, half a second each time, before it is told anything: a command of ours works in a worker, and all its
 * threads came a second late (https://github.com/denoland/deno/pull/35629 brought it). A worker that the
 * process itself starts does not wait. To see it, have a worker start another one, and time its first answer:
 * 30 ms in 2.9.0, 1,030 ms since. To be deleted when that takes 30 ms again.
 *
 * @module
 */
import { nativeRoleOf } from "./native_thread.ts";
import type { StartedThread, ThreadPermissions } from "./start_worker.ts";

/** What a worker asks of its process: to start a thread, or to end one. */
export type ThreadCall =
  | {
    /** The number of the thread, of the worker's choice. */
    readonly startThread: number;
    /** Its module. */
    readonly module: string;
    /** What it talks through. */
    readonly port: MessagePort;
  }
  | { readonly endThread: number };

/** What the process tells the worker: that a thread died of something that nothing in it caught. */
export interface ThreadDeath {
  /** The number of the thread. */
  readonly deadThread: number;
  /** What it died of. */
  readonly message: string;
}

/** Asks the process, and hands something over with that. */
export type AskProcess = (call: ThreadCall, transfer: Transferable[]) => void;

/** Starts threads by a worker's process. */
export class ProcessThreads {
  #ask: AskProcess;
  #threads = new Map<number, ProcessThread>();
  #count = 0;
  #hasNative: boolean;

  /**
   * Starts nothing yet.
   *
   * @param hasNative Whether the process has a thread ready that may load native code.
   */
  constructor(ask: AskProcess, hasNative: boolean) {
    this.#ask = ask;
    this.#hasNative = hasNative;
  }

  /** Starts a thread; undefined if it is not for the process to start. */
  start = (module: string, permissions: ThreadPermissions): StartedThread | undefined => {
    if (permissions === "draw") {
      if (!this.#hasNative || nativeRoleOf(module) === undefined) return undefined;
      this.#hasNative = false;
    }
    const id = this.#count++;
    const { port1, port2 } = new MessageChannel();
    const end = () => {
      if (this.#threads.delete(id)) this.#ask({ endThread: id }, []);
    };
    const thread = new ProcessThread(port1, end);
    this.#threads.set(id, thread);
    this.#ask({ startThread: id, module, port: port2 }, [port2]);
    return thread;
  };

  /** Tells whoever started a thread that it died. */
  tellDeath({ deadThread, message }: ThreadDeath): void {
    const thread = this.#threads.get(deadThread);
    thread?.onerror?.(new ErrorEvent("error", { message, cancelable: true }));
  }
}

/** A thread that the process has started. */
class ProcessThread implements StartedThread {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  #port: MessagePort;
  #end: () => void;

  constructor(port: MessagePort, end: () => void) {
    this.#port = port;
    this.#end = end;
    port.onmessage = (event) => this.onmessage?.(event);
    port.onmessageerror = (event) => this.onmessageerror?.(event);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  terminate(): void {
    this.#port.close();
    this.#end();
  }
}
