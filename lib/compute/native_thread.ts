/**
 * A thread that may load native code, started before the process gives up the permission to. It loads nothing
 * until it is told what it is: a trial of WebGPU, or a session of ONNX Runtime.
 *
 * @module
 */

/** What it can be. */
export type NativeRole = "trial" | "session";

/** The modules of both. */
const MODULES: Readonly<Record<string, NativeRole>> = {
  [import.meta.resolve("./native_webgpu_worker.ts")]: "trial",
  [import.meta.resolve("./session_thread_worker.ts")]: "session",
};

/** What a thread of a module is; undefined if it is neither. */
export function nativeRoleOf(module: string): NativeRole | undefined {
  return MODULES[module];
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  const thread = globalThis as unknown as Worker;
  thread.onmessage = async ({ data: role }: MessageEvent<NativeRole>) => {
    if (role === "trial") await import("./native_webgpu_worker.ts");
    else await import("./session_thread_worker.ts");
  };
}
