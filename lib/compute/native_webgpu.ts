/**
 * Tries onnxruntime-node's WebGPU on a small problem, in a thread of its own: a driver that does not
 * answer would hold up whoever waits for it, for native code cannot be interrupted.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import { nativeDirectory } from "./native_runtime.ts";
import type { TrialAnswer, TrialRequest } from "./native_webgpu_messages.ts";

/** How long it may take, in milliseconds; on an H200 it is a fraction of a second. */
const LIMIT = 10_000;

/** How the trial is made. */
export interface TrialOptions {
  /** How long it may take, in milliseconds. Default: 10 s. */
  readonly limit?: number;
  /** The module of the thread. Default: the one that computes on onnxruntime-node's WebGPU. */
  readonly module?: string;
}

const tried = new Map<string, Promise<TrialAnswer>>();

/** Tries it once a process. It is to be called for hardware GPUs only. */
export function tryNativeWebGpu(options: TrialOptions = {}): Promise<TrialAnswer> {
  const { limit = LIMIT, module = import.meta.resolve("./native_webgpu_worker.ts") } = options;
  return tried.getOrInsertComputed(module, () => runTrial(module, limit));
}

/** Runs a trial to its end, or as long as it may take. It never fails and never hangs. */
async function runTrial(module: string, limit: number): Promise<TrialAnswer> {
  const { promise, resolve } = Promise.withResolvers<TrialAnswer>();
  let worker: Worker;
  try {
    worker = new Worker(module, { type: "module" });
  } catch (error) {
    return { failure: messageOf(error) }; // of modules from the web, for want of a permission
  }
  const timer = setTimeout(
    () => resolve({ failure: `no answer within ${limit / 1000} s` }),
    limit,
  );
  worker.onmessage = ({ data }: MessageEvent<TrialAnswer>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ failure: event.message.split("\n")[0] });
  };
  worker.postMessage({ libraries: nativeDirectory() } satisfies TrialRequest);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
