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
  /** Gives back what it made, and ends its thread, once, when nobody has it for sessions any more. */
  readonly end: () => Promise<void>;
  /** Its thread for sessions, as long as it went well and lives. */
  readonly thread: () => TrialThread | undefined;
}

/**
 * The thread of a trial that went well, for sessions. Whoever has it closes it, by `using`, when its sessions have
 * been told to give their memory back. Then it stays for others until {@linkcode endTrials} is called.
 */
export interface TrialThread extends Disposable {
  /** Makes sessions there. */
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

/** The thread of a trial that went well, where it has not ended: it does not before it is closed. */
export function threadOfTrial(): TrialThread | undefined {
  return tried.values().map(({ thread }) => thread()).find((each) => each !== undefined);
}

/**
 * Gives back what trials made, and ends their threads, those that run a language model when it has run. ONNX
 * Runtime must not compute on a GPU elsewhere meanwhile: sessions share its device. It never fails, and no thread
 * that gives nothing back holds it up.
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
  let isOver = false;
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
    isOver = true;
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
  let users = 0;
  let left = Promise.withResolvers<void>();
  const end = async () => {
    if ((await answer).failure !== undefined) return;
    while (users > 0) await left.promise; // another analysis of this process may be at work there
    isOver = true;
    const late = setTimeout(released.resolve, RELEASE_LIMIT);
    tell({ release: true });
    await released.promise;
    clearTimeout(late);
    worker.terminate();
    made?.[Symbol.dispose](); // nobody waits for an answer in vain
  };
  // One for all its sessions: it knows which answer is to what.
  let made: SessionThread | undefined;
  const thread = (): TrialThread | undefined => {
    if (!wentWell || isOver) return undefined;
    made ??= new SessionThread(
      sessions = {
        onmessage: null,
        onmessageerror: null,
        onerror: null,
        postMessage: (session: SessionCall, transfer) => tell({ session }, transfer),
        terminate: () => {}, // it is there for the next session
      },
    );
    users++;
    return {
      sessions: made,
      endTrial: () => tell({ endTrial: true }),
      [Symbol.dispose]: () => {
        if (--users > 0) return;
        left.resolve();
        left = Promise.withResolvers();
      },
    };
  };
  return { answer, end: () => ending ??= end(), thread };
}

/** What a session answered, as its thread would say it itself. */
function answered(data: SessionAnswer): MessageEvent<SessionAnswer> {
  return new MessageEvent("message", { data });
}
