/**
 * Tries onnxruntime-node's WebGPU on a small problem, in a thread of its own: a driver that does not
 * answer would hold up whoever waits for it, for native code cannot be interrupted.
 *
 * A trial that went well keeps its session until {@linkcode endTrials} is called, or the language model has one
 * in its thread. ONNX Runtime has one device for all sessions of a process at a time, so that the language
 * model's session finds the device open.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import { tellWork } from "../base/work_log.ts";
import { type StartedThread, startWorker } from "./start_worker.ts";
import { nativeDirectory } from "./native_runtime.ts";
import { SessionThread } from "./session_thread.ts";
import type { SessionAnswer, SessionCall } from "./session_thread_messages.ts";
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
  /** Its thread for a session, as long as it went well and has not ended. */
  readonly thread: () => TrialThread | undefined;
}

/** The thread of a trial that went well, for sessions, one at a time. */
export interface TrialThread {
  /** Makes sessions there. It stays when it is not needed any more, until {@linkcode endTrials} is called. */
  readonly sessions: SessionThread;
  /** Gives back what the trial made, once a session has its device. */
  readonly endTrial: () => void;
}

const tried = new Map<string, Trial>();

/** Tries it once a process. It is to be called for hardware GPUs only. */
export function tryNativeWebGpu(options: TrialOptions = {}): Promise<TrialAnswer> {
  const { limit = LIMIT, module = import.meta.resolve("./native_webgpu_worker.ts") } = options;
  return tried.getOrInsertComputed(module, () => beginTrial(module, limit)).answer;
}

/** The thread of a trial that went well, where it has not ended. */
export function threadOfTrial(): TrialThread | undefined {
  return tried.values().map(({ thread }) => thread()).find((each) => each !== undefined);
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
    return {
      answer: Promise.resolve({ failure: messageOf(error) }),
      end: () => Promise.resolve(),
      thread: () => undefined,
    };
  }
  const tell = (call: TrialCall, transfer?: Transferable[]) => worker.postMessage(call, transfer);
  let sessions: StartedThread | undefined;
  const timer = setTimeout(
    () => resolve({ failure: `no answer within ${limit / 1000} s` }),
    limit,
  );
  worker.onmessage = ({ data }: MessageEvent<TrialSaid>) => {
    if ("released" in data) return released.resolve();
    if ("session" in data) return sessions?.onmessage?.(answered(data.session));
    for (const span of data.work ?? []) tellWork(span);
    resolve(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ failure: event.message.split("\n")[0] });
    released.resolve();
    sessions?.onerror?.(event);
  };
  tell({ libraries: nativeDirectory() });
  const answer = promise.then(({ failure }): TrialAnswer => {
    clearTimeout(timer);
    if (failure === undefined) return {};
    worker.terminate();
    return { failure };
  });
  let ending: Promise<void> | undefined;
  let wentWell = false;
  answer.then(({ failure }) => wentWell = failure === undefined);
  const end = async () => {
    if ((await answer).failure !== undefined) return;
    const late = setTimeout(released.resolve, RELEASE_LIMIT);
    tell({ release: true });
    await released.promise;
    clearTimeout(late);
    worker.terminate();
  };
  const makeThread = (): TrialThread => {
    sessions = {
      onmessage: null,
      onmessageerror: null,
      onerror: null,
      postMessage: (session: SessionCall, transfer) => tell({ session }, transfer),
      terminate: () => {}, // it is there for the next session
    };
    return { sessions: new SessionThread(sessions), endTrial: () => tell({ endTrial: true }) };
  };
  // One for all its sessions: it knows which answer is to what.
  let made: TrialThread | undefined;
  const thread = () => wentWell && ending === undefined ? made ??= makeThread() : undefined;
  return { answer, end: () => ending ??= end(), thread };
}

/** What a session answered, as its thread would say it itself. */
function answered(data: SessionAnswer): MessageEvent<SessionAnswer> {
  return new MessageEvent("message", { data });
}
