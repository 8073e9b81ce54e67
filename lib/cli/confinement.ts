/**
 * Runs a command with no more permissions than it needs. Deno fixes a process's permissions before
 * anything of it runs, but the directory for the results is named on the command line. The process
 * therefore may write anywhere, reads its command line, and leaves the work to a worker that may
 * write below that directory and nowhere else.
 *
 * @module
 */
import { resolve } from "node:path";
import { ProcessThreads, type ThreadCall, type ThreadDeath } from "../compute/process_threads.ts";
import { startThreadsBy } from "../compute/start_worker.ts";
import { ThreadsForWorker } from "../compute/threads_for_worker.ts";
import type { Command } from "./command.ts";

/** What a worker says to the process; of each, the last holds. */
export interface Report {
  /** It answers interrupts from now on. */
  readonly listens?: boolean;
  /** What is complete on disk. */
  readonly complete?: readonly string[];
  /** It is done. */
  readonly exitCode?: number;
}

/** A module of ours that works in a worker. */
export interface ConfinedRun {
  /** Its exit code. It is rejected if the worker dies of something that nothing in it caught. */
  readonly exitCode: Promise<number>;
  /** All that it has said so far. */
  readonly report: Report;
}

/** The directories that the options of a command name to be written to. */
export function writtenDirectories(
  { options }: Command,
  values: Readonly<Record<string, unknown>>,
): string[] {
  return Object.keys(options).filter((name) => options[name]!.isWritten)
    .map((name) => resolve(String(values[name])));
}

/** Whether a command may have native code compute in a thread of its own. */
export function mayComputeNatively(
  { options }: Command,
  values: Readonly<Record<string, unknown>>,
): boolean {
  return "device" in options && values.device !== "wasm";
}

/** What a worker is told before it starts, by its name. */
interface Start {
  /** The directory for native libraries, if there is one. */
  readonly libraries?: string | undefined;
  /** Whether the process has a thread ready that may load native code. */
  readonly hasNativeThread: boolean;
}

/**
 * Starts this process's module once more, in a worker that may read and load what the process may,
 * and write below some directories only. The process gives its own permissions to write, and to load native
 * code, up.
 *
 * @param module The module of the process, a script.
 * @param directories The directories, which need not be there yet.
 * @param libraries A directory for native libraries, if some have to be unpacked. The process goes on
 * being able to write, so that it can remove it.
 * @param computes Whether native code may compute in a thread of its own. Default: no.
 * @returns The run; undefined if Deno gave the process itself too few permissions for that, which
 * then are its bounds.
 */
export function startConfined(
  module: string,
  directories: readonly string[],
  { libraries, computes = false }: {
    libraries?: string | undefined;
    computes?: boolean;
  } = {},
): ConfinedRun | undefined {
  // A worker's modules have to be read, unlike those of the process.
  if (Deno.permissions.querySync({ name: "read" }).state !== "granted") return undefined;
  const written = libraries === undefined ? directories : [...directories, libraries];
  // In a binary it would have to unpack the libraries, which is writing: the worker starts it there.
  const hasNativeThread = computes && !Deno.build.standalone &&
    Deno.permissions.querySync({ name: "ffi" }).state === "granted";
  let worker: Worker;
  try {
    worker = new Worker(module, {
      type: "module",
      name: JSON.stringify({ libraries, hasNativeThread } satisfies Start),
      deno: {
        permissions: {
          read: "inherit",
          write: [...written],
          ffi: "inherit",
          env: "inherit",
          net: false,
          run: false,
          sys: "inherit", // how much memory is free
          import: false,
        },
      },
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
  const tell = (death: ThreadDeath) => worker.postMessage(death);
  const threads = new ThreadsForWorker(tell, hasNativeThread);
  if (libraries === undefined) Deno.permissions.revokeSync({ name: "write" });
  Deno.permissions.revokeSync({ name: "ffi" });
  const { promise: exitCode, resolve, reject } = Promise.withResolvers<number>();
  const run = { exitCode, report: {} as Report };
  worker.onmessage = ({ data }: MessageEvent<Report | ThreadCall>) => {
    if ("startThread" in data || "endThread" in data) return threads.do(data);
    run.report = { ...run.report, ...data };
    if (data.exitCode !== undefined) resolve(data.exitCode);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  return run;
}

/** Whether this is a worker. */
export function isWorker(): boolean {
  return "DedicatedWorkerGlobalScope" in globalThis;
}

/** The directory for native libraries that this worker was given, if it was given one. */
export function librariesOfWorker(): string | undefined {
  return startOfWorker().libraries;
}

function startOfWorker(): Start {
  return JSON.parse((globalThis as unknown as { name: string }).name);
}

/** Says something to the process, from within a worker. */
export function report(what: Report): void {
  (globalThis as unknown as Worker).postMessage(what);
}

/** Has the process start the threads of this worker, which are there sooner then. */
export function letProcessStartThreads(): void {
  const thread = globalThis as unknown as Worker;
  const ask = (call: ThreadCall, transfer: Transferable[]) => thread.postMessage(call, transfer);
  const threads = new ProcessThreads(ask, startOfWorker().hasNativeThread);
  thread.onmessage = ({ data }: MessageEvent<ThreadDeath>) => threads.tellDeath(data);
  startThreadsBy(threads.start);
}

/**
 * Ends the process with an exit code, from within a worker. The worker rests meanwhile, for a
 * process that ends while native code is at work may crash.
 */
export function exitFromWorker(code: number): never {
  report({ exitCode: code });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error("the process went on");
}

/** Takes from this worker what makes ONNX Runtime take it for a web page's: its location. */
export function forgetLocation(): void {
  Reflect.deleteProperty(globalThis, "location");
}
