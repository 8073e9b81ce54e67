/**
 * A few threads that do the same kind of work, each a worker with a module of its own.
 *
 * @module
 */
import { startWorker, type ThreadPermissions } from "./start_worker.ts";
import { InputError, type ProblemDetails } from "../base/errors.ts";
import { isWorkWatched, tellWork, watchWork, workClock, type WorkSpan } from "../base/work_log.ts";

/** How a pool is made. */
export interface WorkerPoolOptions {
  /** How many threads at most. Default: as many as there are cores, eight at most. */
  readonly size?: number | undefined;
  /** What each thread is told before all requests. Default: nothing. */
  readonly setup?: unknown;
  /** What each thread may do, as far as this one may. Default: all that this one may. */
  readonly permissions?: ThreadPermissions | undefined;
}

/** What a pool tells a thread. */
type Told =
  | { readonly setup: unknown }
  | { readonly watched: true }
  | { readonly id: number; readonly request: unknown };

/** What a thread says: that it is ready, or what came of a request. */
type Said = { readonly ready: true } | Answered;

interface Answered {
  readonly id: number;
  readonly answer?: unknown;
  /** Why there is no answer. */
  readonly failure?: Failure;
  /** What the thread did since its last answer, if somebody watches. */
  readonly work?: readonly WorkSpan[];
}

interface Failure {
  readonly message: string;
  /** What is known of it if a user can mend it. */
  readonly details?: ProblemDetails;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  /** Tells it something, once it is ready: what comes while its modules load would be lost. */
  readonly tell: (told: Told, transfer?: Transferable[]) => void;
}

const MOST_THREADS = 8;

/**
 * Threads that answer requests. They start with the first requests, and end with the pool, which whoever
 * makes it closes, by `using`. Which thread answers a request changes nothing of the answer.
 *
 * A module that is to work in a binary has to be among the files that `tools/compile.ts` includes: no
 * import names it.
 */
export class WorkerPool<Request, Answer> implements Disposable {
  readonly #module: string;
  readonly #setup: unknown;
  readonly #size: number;
  readonly #permissions: ThreadPermissions | undefined;
  readonly #threads: Thread[] = [];
  #failure: Error | undefined;
  #requests = 0;

  /**
   * Makes a pool; no thread is started yet.
   *
   * @param module The threads' module, which calls {@linkcode answerRequests}.
   */
  constructor(module: string, { size, setup, permissions }: WorkerPoolOptions = {}) {
    this.#module = module;
    this.#setup = setup;
    this.#permissions = permissions;
    this.#size = Math.max(1, size ?? Math.min(MOST_THREADS, navigator.hardwareConcurrency));
  }

  /** How many threads there can be. */
  get size(): number {
    return this.#size;
  }

  /**
   * Has a request answered by the thread that has the fewest to answer. It is handed over at once: how
   * many wait is the caller's affair.
   *
   * @param transfer What the thread becomes the owner of.
   * @throws {InputError} If a user can mend what stands in the way of an answer.
   * @throws {Error} If there is no answer for another reason, or a thread has died of anything, which is
   * the end of the pool.
   */
  run(request: Request, transfer: Transferable[] = []): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const thread = this.#freest();
    const id = this.#requests++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    thread.waiting.set(id, { resolve, reject });
    thread.tell({ id, request }, transfer);
    return promise as Promise<Answer>;
  }

  /** Ends all threads; whoever waits for an answer gets none. */
  [Symbol.dispose](): void {
    this.#end(new Error("the pool of threads was closed"));
  }

  #freest(): Thread {
    const load = ({ waiting }: Thread) => waiting.size;
    const freest = this.#threads.toSorted((a, b) => load(a) - load(b))[0];
    const isBusy = freest === undefined || load(freest) > 0;
    return isBusy && this.#threads.length < this.#size ? this.#start() : freest!;
  }

  #start(): Thread {
    const start = workClock();
    const name = `${nameOfThreads(this.#module)} ${this.#threads.length + 1}`;
    const worker = startWorker(this.#module, this.#permissions);
    const waiting = new Map<number, Waiting>();
    let early: [Told, Transferable[]][] | undefined = [];
    const tell = (told: Told, transfer: Transferable[] = []) => {
      if (early === undefined) worker.postMessage(told, transfer);
      else early.push([told, transfer]);
    };
    worker.onmessage = ({ data }: MessageEvent<Said>) => {
      if ("ready" in data) {
        tellWork({ kind: "start", thread: name, start, end: workClock() });
        const kept = early ?? [];
        early = undefined;
        return kept.forEach((each) => tell(...each));
      }
      const { id, answer, failure, work = [] } = data;
      for (const span of work) tellWork({ ...span, thread: name });
      const asked = waiting.get(id);
      waiting.delete(id);
      if (failure === undefined) asked?.resolve(answer);
      else asked?.reject(errorOf(failure));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Error(`a thread has died: ${event.message}`));
    };
    worker.onmessageerror = () => this.#end(new Error("a thread's answer cannot be read"));
    const thread = { worker, waiting, tell };
    this.#threads.push(thread);
    if (isWorkWatched()) tell({ watched: true });
    if (this.#setup !== undefined) tell({ setup: this.#setup });
    return thread;
  }

  #end(failure: Error): void {
    this.#failure ??= failure;
    for (const { worker, waiting } of this.#threads.splice(0)) {
      worker.terminate();
      for (const { reject } of waiting.values()) reject(this.#failure);
      waiting.clear();
    }
  }
}

/** What the threads of a module are called: `picture worker` of `picture_worker.ts`. */
function nameOfThreads(module: string): string {
  return module.split("/").at(-1)!.replace(/\.ts$/, "").replaceAll("_", " ");
}

function errorOf({ message, details }: Failure): Error {
  return details === undefined ? new Error(message) : new InputError(message, details);
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message } = error;
  if (!(error instanceof InputError)) return { message };
  return { message, details: { subject: error.subject, advice: error.advice } };
}

/** How the threads of a pool answer. */
export interface Answering<Setup, Request, Answer> {
  /** Is told what the pool's `setup` is, before any request. Default: nobody is. */
  readonly setUp?: (setup: Setup) => void;
  /** Answers a request; with `transfer`, what the pool's owner becomes the owner of. */
  readonly answer: (
    request: Request,
  ) => Replied<Answer> | Promise<Replied<Answer>>;
  /** How many requests a thread answers at a time, which helps where an answer waits. Default: 1. */
  readonly atOnce?: number;
}

/** An answer, and what is handed over with it. */
export interface Replied<Answer> {
  /** The answer. */
  readonly answer: Answer;
  /** What changes hands. Default: nothing. */
  readonly transfer?: Transferable[];
}

/**
 * Answers a pool's requests, in the order in which they come; to be called once, by the module of its threads.
 * Outside of a worker it does nothing, so that the module can be imported for its types.
 */
export function answerRequests<Setup, Request, Answer>(
  { setUp, answer, atOnce = 1 }: Answering<Setup, Request, Answer>,
): void {
  if (!("DedicatedWorkerGlobalScope" in globalThis)) return;
  const thread = globalThis as unknown as Worker;
  const rows = Array.from({ length: atOnce }, () => Promise.resolve());
  let requests = 0;
  const work: WorkSpan[] = [];
  const told = () => work.length === 0 ? {} : { work: work.splice(0) };
  thread.onmessage = ({ data }: MessageEvent<Told>) => {
    if ("watched" in data) return void watchWork((span) => work.push(span));
    if ("setup" in data) return setUp?.(data.setup as Setup);
    const { id, request } = data;
    const row = requests++ % atOnce;
    rows[row] = rows[row]!.then(async () => {
      try {
        const { answer: found, transfer = [] } = await answer(request as Request);
        thread.postMessage({ id, answer: found, ...told() } satisfies Said, transfer);
      } catch (error) {
        thread.postMessage({ id, failure: failureOf(error), ...told() } satisfies Said);
      }
    });
  };
  thread.postMessage({ ready: true } satisfies Said);
}
