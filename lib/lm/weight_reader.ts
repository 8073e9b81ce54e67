/**
 * Reads the weights of a model stage by stage, those of the next while this one computes.
 *
 * @module
 */
import { type StartedThread, startWorker } from "../compute/start_worker.ts";
import type { WeightSource } from "../compute/session_weights.ts";
import { InputError } from "../base/errors.ts";
import { timed } from "../base/work_log.ts";
import type { ReadAnswer, ReadRequest } from "./weight_reader_messages.ts";
import type { ScannedWeight, ScanOptions, StoredWeight } from "./weight_scan.ts";

/** What is known of a weight that was read ahead, by its name without a prefix. */
export type WeightsAhead = ReadonlyMap<string, ScannedWeight>;

/** A thread that reads ahead. Whoever makes it closes it, by `using`. */
export class WeightReader implements Disposable {
  #wantsValues: boolean;
  #worker: StartedThread | undefined;

  /**
   * Starts the thread. Where none may be started, nothing is read ahead.
   *
   * @param wantsValues Whether the numbers are wanted, too: native code reads them itself, and only
   * has to find them in the operating system's cache.
   */
  constructor(wantsValues: boolean) {
    this.#wantsValues = wantsValues;
    try {
      const module = import.meta.resolve("./weight_reader_worker.ts");
      this.#worker = startWorker(module, "read");
    } catch {
      this.#worker = undefined; // of modules from the web, for want of a permission
    }
  }

  /**
   * Begins to read weights. One call at a time.
   *
   * @param sources Where they are, by their names without a prefix; those of which only rows are
   * needed, and those that lie scattered, are left out.
   * @param how Whether the numbers are wanted. Default: as was said at the start.
   * @returns What was read; all that is missing from it is to be read when it is needed.
   * @throws {InputError} If one cannot be read.
   */
  async read(
    sources: ReadonlyMap<string, WeightSource>,
    { wantsValues = this.#wantsValues }: ScanOptions = {},
  ): Promise<WeightsAhead> {
    const worker = this.#worker;
    const weights = [...sources].flatMap(([name, source]) => storedWeight(name, source) ?? []);
    if (worker === undefined || weights.length === 0) return new Map();
    const read = new Map<string, ScannedWeight>();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    worker.onmessage = ({ data }: MessageEvent<ReadAnswer>) => {
      if ("failure" in data) return reject(new InputError(data.failure));
      read.set(data.name, data);
      if (read.size === weights.length) resolve();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#worker = undefined; // what it did not read is read when it is needed
      resolve();
    };
    worker.postMessage({ weights, wantsValues } satisfies ReadRequest);
    await timed("read", () => promise, "weight reader worker");
    return read;
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** A weight as a run of bytes, if all of it is needed and it lies in one. */
function storedWeight(
  name: string,
  { file, tensor: { name: stored, dataType }, rows }: WeightSource,
): StoredWeight | undefined {
  const place = rows === undefined ? file.place(stored) : undefined;
  return place && { name, dataType, ...place };
}
