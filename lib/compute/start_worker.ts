/**
 * Starts threads, and says what they may do.
 *
 * @module
 */

/**
 * What a thread may do. All of them have to read, which loading their modules is, too. Those that
 * `read` do nothing else; those that `draw` load native code, and let it look into the environment.
 */
export type ThreadPermissions = "read" | "draw";

/** Deno's own: ONNX Runtime's WebAssembly puts Node's in the place of the global one. */
const DenoWorker = globalThis.Worker;

let areBounded = false;

/**
 * Has the threads that are started from now on do no more than they need. Deno has to have been started
 * with `--unstable-worker-options`: without it, Deno ends a process that bounds a thread, and nothing
 * can catch that. Where coact is a library, its program decides on the flag; so only commands call this.
 */
export function boundThreads(): void {
  areBounded = true;
}

/**
 * Starts a thread, which may do no more than it needs if {@linkcode boundThreads} was called.
 *
 * @throws {Deno.errors.NotCapable} If this thread may start none.
 */
export function startWorker(module: string, permissions: ThreadPermissions | undefined): Worker {
  const type = "module";
  if (permissions === undefined || !areBounded) return new DenoWorker(module, { type });
  const native = permissions === "draw" ? "inherit" : false;
  return new DenoWorker(module, {
    type,
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
