/**
 * What each thread does when, for whoever watches. Where nobody does, nothing is recorded.
 *
 * @module
 */

/** The kinds of work that are told apart. */
export type WorkKind =
  | "start"
  | "read"
  | "hash"
  | "language model"
  | "encode"
  | "check"
  | "statistics"
  | "pictures"
  | "write";

/** A piece of work from its beginning to its end. Pieces of asynchronous work may overlap. */
export interface WorkSpan {
  /** What was done. */
  readonly kind: WorkKind;
  /** Which thread did it; `""` is the thread that watches. */
  readonly thread: string;
  /** When it began, in milliseconds since 1970: threads have this clock in common. */
  readonly start: number;
  /** When it ended. */
  readonly end: number;
}

/** Is told of each piece of work once it has ended, and must not fail. */
export type WorkWatcher = (span: WorkSpan) => void;

let watcher: WorkWatcher | undefined;

/** Watches the work of this thread, and of the pools of threads that are made from now on. */
export function watchWork(told: WorkWatcher): Disposable {
  watcher = told;
  return {
    [Symbol.dispose]: () => {
      if (watcher === told) watcher = undefined;
    },
  };
}

/** Whether anybody watches this thread. */
export function isWorkWatched(): boolean {
  return watcher !== undefined;
}

/** Now, in milliseconds since 1970, to a fraction of one. */
export function workClock(): number {
  return performance.timeOrigin + performance.now();
}

/** Tells whoever watches of work that was timed elsewhere. */
export function tellWork(span: WorkSpan): void {
  watcher?.(span);
}

/**
 * Does work, and tells whoever watches when it began and ended; of a promise, when it was kept or broken.
 *
 * @param thread Which thread does it, if this one only waits for it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { timed, watchWork } from "./work_log.ts";
 *
 * const seen: string[] = [];
 * using _watching = watchWork(({ kind }) => seen.push(kind));
 * assert.equal(await timed("hash", () => Promise.resolve(3)), 3);
 * assert.deepEqual(seen, ["hash"]);
 * ```
 */
export function timed<T>(kind: WorkKind, work: () => T, thread: string = ""): T {
  if (watcher === undefined) return work();
  const start = workClock();
  const end = () => tellWork({ kind, thread, start, end: workClock() });
  let isPromise = false;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    isPromise = true;
    return result.finally(end) as T;
  } finally {
    if (!isPromise) end();
  }
}
