/**
 * What a thread of {@linkcode ThreadsForWorker} starts with: it loads the thread's module, which then talks
 * through a port as it would with whoever has started it.
 *
 * @module
 */

/** What it is told first, and the only thing that the process tells it. */
interface Entry {
  readonly module: string;
  readonly port: MessagePort;
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  const thread = globalThis as unknown as Worker;
  thread.onmessage = async ({ data: { module, port } }: MessageEvent<Entry>) => {
    const postMessage = (message: unknown, transfer: Transferable[] = []) =>
      port.postMessage(message, transfer);
    Object.defineProperty(globalThis, "postMessage", { value: postMessage, configurable: true });
    await import(module);
    port.onmessage = thread.onmessage as unknown as MessagePort["onmessage"];
  };
}
