/**
 * A few threads that do the same kind of work, each a worker with a module of its own.
 *
 * @module
 */
import { type StartedThread, startWorker, type ThreadPermissions } from "./start_worker.ts";
import { isWorkWatched, tellWork, workClock } from "../base/work_log.ts";
import { errorOf, type Said, type Told } from "./worker_messages.ts";

/** How a pool is made. */
export interface WorkerPoolOptions {
  /** How many threads at most. Default: as many as there are cores, eight at most. */
  readonly size?: number | undefined;
  /** What each thread is told before all requests. Default: nothing. */
  readonly setup?: unknown;
  /** What each thread may do, as far as this one may. Default: all that this one may. */
  readonly permissions?: ThreadPermissions | undefined;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: StartedThread;
  readonly waiting: Map<number, Waiting>;
  /** Tells it something, once it is ready: what comes while its modules load would be lost. */
  readonly tell: (told: Told, transfer?: Transferable[]) => void;
}

const MOST_THREADS = 8;

/**
 * Threads that answer requests. They start with the first requests, or ahead of them, and end with the
 * pool, which whoever makes it closes, by `using`. Which thread answers a request changes nothing of the
 * answer.
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
   * @param module The threads' module, which calls `answerRequests` of `answer_requests.ts`.
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
   * @throws {Deno.errors.NotCapable} If no thread may be started, or not read its modules.
   * @throws {Error} If there is no answer for another reason, or a thread has died of anything, which is
   * the end of the pool.
   */
  run(request: Request, transfer: Transferable[] = []): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return this.#ask(this.#freest(), request, transfer);
  }

  /**
   * Has each thread that there is answer a request, after those that it has to answer already. None is started.
   *
   * @returns When all have, or cannot; it never fails.
   */
  async askEach(request: Request): Promise<void> {
    await Promise.allSettled(this.#threads.map((thread) => this.#ask(thread, request)));
  }

  #ask(thread: Thread, request: Request, transfer: Transferable[] = []): Promise<Answer> {
    const id = this.#requests++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    thread.waiting.set(id, { resolve, reject });
    thread.tell({ id, request }, transfer);
    return promise as Promise<Answer>;
  }

  /**
   * Starts threads ahead of so many requests, so that they load their modules meanwhile. That one has died
   * is said when something is asked.
   *
   * @throws {Deno.errors.NotCapable} If none may be started.
   */
  startFor(requests: number): void {
    const wanted = Math.min(this.#size, requests);
    while (this.#failure === undefined && this.#threads.length < wanted) this.#start();
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
      this.#end(deathBy(event.message));
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

/** What a thread has died of. That it may not read what its module imports is for whoever starts coact to mend. */
function deathBy(cause: string): Error {
  const message = `a thread has died: ${cause}`;
  return /Requires \w+ access/.test(cause)
    ? new Deno.errors.NotCapable(message)
    : new Error(message);
}

/** What the threads of a module are called: `picture worker` of `picture_worker.ts`. */
function nameOfThreads(module: string): string {
  return module.split("/").at(-1)!.replace(/\.ts$/, "").replaceAll("_", " ");
}
