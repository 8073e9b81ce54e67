/**
 * Starts threads, and says what they may do.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/**
 * What a thread may do. All of them have to read, which loading their modules is, too. Those that
 * `read` do nothing else; those that `draw` load native code, and let it look into the environment.
 */
export type ThreadPermissions = "read" | "draw";

/** A thread, as whoever has started it knows it: a worker is one. */
export interface StartedThread {
  /** Told what the thread says. */
  onmessage: ((event: MessageEvent) => void) | null;
  /** Told that something that it said cannot be read. */
  onmessageerror: ((event: MessageEvent) => void) | null;
  /** Told what it died of. */
  onerror: ((event: ErrorEvent) => void) | null;
  /** Tells it something, and hands something over with that. */
  postMessage(message: unknown, transfer?: Transferable[]): void;
  /** Ends it. */
  terminate(): void;
}

/** Starts threads otherwise than by a worker of this thread; undefined where it does not. */
export type ThreadStarter = (
  module: string,
  permissions: ThreadPermissions,
) => StartedThread | undefined;

/** Deno's own: ONNX Runtime's WebAssembly puts Node's in the place of the global one. */
const DenoWorker = globalThis.Worker;

let areBounded = false;
let starter: ThreadStarter | undefined;

/**
 * Has the threads that are started from now on do no more than they need. Deno has to have been started
 * with `--unstable-worker-options`: without it, Deno ends a process that bounds a thread, and nothing
 * can catch that. Where coact is a library, its program decides on the flag; so only commands call this.
 */
export function boundThreads(): void {
  areBounded = true;
}

/** Has threads started by somebody else from now on, as far as that one does: they do no more than they need. */
export function startThreadsBy(other: ThreadStarter): void {
  starter = other;
}

/**
 * Starts a thread, which may do no more than it needs if {@linkcode boundThreads} was called.
 *
 * @throws {Deno.errors.NotCapable} If this thread may start none, or not read its module.
 */
export function startWorker(
  module: string,
  permissions: ThreadPermissions | undefined,
): StartedThread {
  checkModule(module);
  if (permissions === undefined) return new DenoWorker(module, { type: "module" }) as StartedThread;
  const started = starter?.(module, permissions);
  if (started !== undefined) return started;
  if (!areBounded) return new DenoWorker(module, { type: "module" }) as StartedThread;
  return startBounded(module, permissions) as StartedThread;
}

/**
 * A worker's modules have to be read, unlike those of the process. One that may not be dies of it later, and
 * Deno prints so: said here, in Deno's words, whoever asks can do the work itself.
 */
function checkModule(module: string): void {
  if (Deno.build.standalone || !module.startsWith("file:")) return;
  const path = fileURLToPath(module);
  if (Deno.permissions.querySync({ name: "read", path }).state === "granted") return;
  throw new Deno.errors.NotCapable(
    `Requires read access to "${path}", run again with the --allow-read flag`,
  );
}

/**
 * Starts a thread that may do no more than it needs.
 *
 * @param name What it is called, which its module sees. Default: nothing.
 * @throws {Deno.errors.NotCapable} If this thread may start none.
 */
export function startBounded(
  module: string,
  permissions: ThreadPermissions,
  name: string = "",
): Worker {
  const native = permissions === "draw" ? "inherit" : false;
  return new DenoWorker(module, {
    type: "module",
    name,
    deno: {
      permissions: {
        read: "inherit",
        write: false,
        net: false,
        run: false,
        import: false,
        ffi: native,
        env: native,
        sys: native,
      },
    },
  });
}
