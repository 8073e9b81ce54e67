/**
 * A thread that looks at the processor time of its process again and again: the others are too busy. Its
 * messages carry the time of each look.
 *
 * @module
 */
import process from "node:process";
import { workClock } from "../lib/base/work_log.ts";
import type { CpuSample } from "./timeline_rows.ts";

/** How often it looks, in milliseconds. */
const EVERY = 50;
/** How many looks it tells of at a time. */
const AT_ONCE = 20;

/** What it says. */
export interface Looks {
  /** The looks since it spoke last. */
  readonly samples: readonly CpuSample[];
  /** Whether these are the last: it was asked for them. */
  readonly isLast: boolean;
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  const thread = globalThis as unknown as Worker;
  let samples: CpuSample[] = [];
  const look = () => {
    const { user, system } = process.cpuUsage();
    samples.push({ at: workClock(), used: user + system });
  };
  const tell = (isLast: boolean) => {
    thread.postMessage({ samples, isLast } satisfies Looks);
    samples = [];
  };
  look();
  setInterval(() => {
    look();
    if (samples.length >= AT_ONCE) tell(false);
  }, EVERY);
  thread.onmessage = () => {
    look();
    tell(true);
  };
}

/** Looks until it is asked for what it saw. */
export class CpuSampler implements Disposable {
  #worker: Worker;
  #samples: CpuSample[] = [];
  #last: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Starts the thread. */
  constructor() {
    this.#worker = new Worker(import.meta.url, { type: "module" });
    this.#worker.onmessage = ({ data: { samples, isLast } }: MessageEvent<Looks>) => {
      this.#samples.push(...samples);
      if (isLast) this.#last.resolve();
    };
  }

  /** All that was seen. */
  async read(): Promise<readonly CpuSample[]> {
    this.#worker.postMessage("the rest");
    await this.#last.promise;
    return this.#samples;
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
