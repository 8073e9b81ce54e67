/**
 * Tries onnxruntime-node's WebGPU on a small problem, in a thread of its own: a driver that does not
 * answer would hold up whoever waits for it, for native code cannot be interrupted.
 *
 * A trial that went well keeps its session until {@linkcode endTrials} is called. ONNX Runtime has one
 * device for all sessions of a process at a time, so that the language model's session finds the device open.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import { tellWork } from "../base/work_log.ts";
import { type StartedThread, startWorker } from "./start_worker.ts";
import { nativeDirectory } from "./native_runtime.ts";
import type { TrialAnswer, TrialCall, TrialSaid } from "./native_webgpu_messages.ts";

/** How long it may take, in milliseconds; on an H200 it is a fraction of a second. */
const LIMIT = 10_000;
/** How long a trial may take to give back what it made, in milliseconds. */
const RELEASE_LIMIT = 2_000;

/** How the trial is made. */
export interface TrialOptions {
  /** How long it may take, in milliseconds. Default: 10 s. */
  readonly limit?: number;
  /** The module of the thread. Default: the one that computes on onnxruntime-node's WebGPU. */
  readonly module?: string;
}

/** A trial that was begun. */
interface Trial {
  /** What came of it. */
  readonly answer: Promise<TrialAnswer>;
  /** Gives back what it made, and ends its thread, once. */
  readonly end: () => Promise<void>;
}

const tried = new Map<string, Trial>();

/** Tries it once a process. It is to be called for hardware GPUs only. */
export function tryNativeWebGpu(options: TrialOptions = {}): Promise<TrialAnswer> {
  const { limit = LIMIT, module = import.meta.resolve("./native_webgpu_worker.ts") } = options;
  return tried.getOrInsertComputed(module, () => beginTrial(module, limit)).answer;
}

/**
 * Gives back what trials made, and ends their threads. ONNX Runtime must not compute on a GPU
 * meanwhile: sessions share its device. It never fails and never hangs.
 */
export async function endTrials(): Promise<void> {
  await Promise.all(tried.values().map(({ end }) => end()));
}

/** Begins a trial, which takes as long as it may, and no longer. */
function beginTrial(module: string, limit: number): Trial {
  const { promise, resolve } = Promise.withResolvers<TrialAnswer>();
  const released = Promise.withResolvers<void>();
  let worker: StartedThread;
  try {
    // a binary's libraries may have to be unpacked, which is writing
    worker = startWorker(module, Deno.build.standalone ? undefined : "draw");
  } catch (error) {
    // of modules from the web, for want of a permission
    return { answer: Promise.resolve({ failure: messageOf(error) }), end: () => Promise.resolve() };
  }
  const tell = (call: TrialCall) => worker.postMessage(call);
  const timer = setTimeout(
    () => resolve({ failure: `no answer within ${limit / 1000} s` }),
    limit,
  );
  worker.onmessage = ({ data }: MessageEvent<TrialSaid>) => {
    if ("released" in data) return released.resolve();
    for (const span of data.work ?? []) tellWork(span);
    resolve(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ failure: event.message.split("\n")[0] });
    released.resolve();
  };
  tell({ libraries: nativeDirectory() });
  const answer = promise.then(({ failure }): TrialAnswer => {
    clearTimeout(timer);
    if (failure === undefined) return {};
    worker.terminate();
    return { failure };
  });
  let ending: Promise<void> | undefined;
  const end = async () => {
    if ((await answer).failure !== undefined) return;
    const late = setTimeout(released.resolve, RELEASE_LIMIT);
    tell({ release: true });
    await released.promise;
    clearTimeout(late);
    worker.terminate();
  };
  return { answer, end: () => ending ??= end() };
}
