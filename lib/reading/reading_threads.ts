/**
 * Threads that read, hash and check the inputs of an analysis while the thread that asks computes: one
 * layer is encoded, and the next ones are on their way.
 *
 * @module
 */
import { WorkerPool } from "../compute/worker_pool.ts";
import type { FileSource } from "../files/byte_source.ts";
import { hashSource } from "../files/hash_file.ts";
import { isSame } from "../files/steady_file.ts";
import { encoderRows, type LoadedSae } from "../sae/formats/load_checkpoint.ts";
import {
  canBeCheckedApart,
  type CheckAnswer,
  checkApart,
  checkTask,
  looksAtAll,
} from "../sae/encode/apart.ts";
import {
  DECODED_HERE,
  type DecodedPart,
  decodePart,
  type DecodeWork,
  finishDecoded,
} from "../sae/decode_task.ts";
import {
  arraysOf,
  POOLED_HERE,
  type PooledPart,
  poolPart,
  type PoolWork,
} from "../sae/encode/pool_task.ts";
import type { Encoded, EncodeInput } from "../sae/encode/encoder.ts";
import { wholeRows } from "../sae/feature_rows.ts";
import { SpareArrays } from "./spare_arrays.ts";
import { saeOf, type SaeShape } from "../sae/sae.ts";
import {
  type CheckpointAnswer,
  type CheckpointRequest,
  type FittedDecoder,
  type HashAnswer,
  readCheckpoint,
  type ReadingAnswer,
  type ReadingRequest,
} from "./reading.ts";

/** For each of them so many cores: the others compute and draw. */
const CORES_A_THREAD = 4;
/**
 * More than this many threads read faster than anything encodes: on an H200 a layer of 10,006 features
 * takes 0.05 s, and a thread 0.2 s to read and check it.
 */
const MOST_THREADS = 4;
/** What is shorter is read, in bytes, before a thread has started. */
const SHORT = 8 * 2 ** 20;

/**
 * How many threads read: one of four cores, four at most, but one on two cores already; none on a
 * single one. A thread takes some 20 MiB of its own and, while it reads an SAE, the matrix of its
 * encoder up to 64 MiB; as many encoders as there are threads are read ahead, and two more are at work
 * or wait to be used again, three where threads share the encoding.
 */
export function readingThreadCount(cores: number = navigator.hardwareConcurrency): number {
  return cores < 2 ? 0 : Math.min(MOST_THREADS, Math.max(1, Math.floor(cores / CORES_A_THREAD)));
}

/** Checking hidden states takes so many times as long as reading them. */
const CHECK_WORK = 8;

/** Hidden states, or those that there will be. */
export type SampledStates = readonly Float64Array[] | Promise<readonly Float64Array[]>;

/** What comes of a checkpoint. */
export interface CheckpointParts {
  /** Its encoder. */
  readonly loaded: Promise<LoadedSae>;
  /** What was found out about its decoder. */
  readonly decoder: Promise<FittedDecoder>;
  /** Gives back the memory of its encoder, which nobody reads any more. */
  release(): void;
}

/**
 * Threads that read; they start when something long is to be read first. Whoever makes them closes
 * them, by `using`. What they read is the same, whoever reads it.
 */
export class ReadingThreads implements Disposable {
  /** How many SAEs are read ahead. */
  readonly ahead: number;
  #short: number;
  #pool: WorkerPool<ReadingRequest, ReadingAnswer> | undefined;
  /** Encoders that nobody reads any more. */
  #spare = new SpareArrays();

  /**
   * Starts nothing yet.
   *
   * @param size How many threads; with 0, the thread that asks reads. Default:
   * {@linkcode readingThreadCount}.
   * @param short What is shorter is read by the thread that asks, in bytes. Default: 8 MiB.
   */
  constructor(size: number = readingThreadCount(), short: number = SHORT) {
    this.#short = short;
    this.ahead = Math.max(1, size);
    if (size === 0) return;
    const module = import.meta.resolve("./reading_worker.ts");
    this.#pool = new WorkerPool(module, { size, permissions: "read" });
  }

  /** Starts all threads ahead of the first requests, so that they load their modules meanwhile. */
  start(): void {
    try {
      this.#pool?.startFor(this.ahead);
    } catch (error) {
      this.#goWithout(error);
    }
  }

  /**
   * Hashes a file that is open.
   *
   * @throws {InputError} If it cannot be read.
   */
  hash = async (source: FileSource): Promise<string> => {
    const asked = await this.ask(source.byteLength, { hash: source.name });
    // Another file may be at the path by now.
    if (asked === undefined || !isSame((asked as HashAnswer).look, source.info)) {
      return await hashSource(source);
    }
    return (asked as HashAnswer).sha256;
  };

  /**
   * Reads a checkpoint of AlignSAE's. Each part is rejected with an {@linkcode InputError} if it is
   * damaged, or a weight is not finite; and with an error if a thread has died.
   *
   * @param shape What it was seen to hold.
   * @param states Hidden states: how far what the SAE makes of them is from them is found out.
   * @param isAwaited Whether somebody waits for the encoder, or the states: it then comes before the
   * decoder.
   */
  checkpoint(
    path: string,
    shape: Pick<SaeShape, "width" | "featureCount">,
    states: SampledStates,
    isAwaited: boolean,
  ): CheckpointParts {
    const read = (wantsEncoder: boolean, decoder: CheckpointRequest["decoder"]) => {
      const room = wantsEncoder ? this.#spare.take(bytesOf(shape)) : undefined;
      return this.#read({ checkpoint: path, wantsEncoder, decoder, room }, shape);
    };
    const sampled = Promise.resolve(states);
    const isApart = isAwaited && this.#isLong(bytesOf(shape));
    const first = isApart ? read(true, false) : sampled.then((states) => read(true, states));
    const second = isApart ? sampled.then((states) => read(false, states)) : first;
    const parts = {
      loaded: first.then((answer) => loadedFrom(path, answer)),
      decoder: second.then(({ decoder }) => decoder!),
    };
    for (const part of Object.values(parts)) part.catch(() => {}); // thrown when it is awaited
    const release = ({ weight }: CheckpointAnswer) => {
      if (weight !== undefined) this.#spare.give(weight);
    };
    return { ...parts, release: () => void first.then(release, () => {}) };
  }

  /**
   * Reads through a checkpoint to find out which it is.
   *
   * @throws {InputError} If it is damaged, or a weight is not finite.
   * @throws {Error} If a thread has died.
   */
  async identify(
    path: string,
    shape: Pick<SaeShape, "width" | "featureCount">,
  ): Promise<Pick<CheckpointAnswer, "encoder"> & { readonly decoder: FittedDecoder }> {
    const request = { checkpoint: path, wantsEncoder: false, decoder: true };
    const { encoder, decoder } = await this.#read(request, shape);
    return { encoder, decoder: decoder! };
  }

  /** Whether a thread is to check an encoding. */
  checks(input: EncodeInput): boolean {
    return this.#isLong(checkingBytes(input)) && canBeCheckedApart(input);
  }

  /**
   * Checks an encoding while the thread that asks goes on.
   *
   * @throws {Error} If a thread has died.
   */
  async check(input: EncodeInput, encoded: Encoded): Promise<CheckAnswer> {
    const task = await checkTask(input, encoded);
    const answer = await this.ask(checkingBytes(input), { check: task });
    const here = () => Promise.resolve(input.sae.rows);
    return answer as CheckAnswer | undefined ?? await checkApart(task, here);
  }

  /**
   * Who counts and decodes features that come some at a time: a thread while more are encoded, or of
   * few the thread that asks.
   *
   * @param bytes How many bytes of activations there are.
   */
  decodeWork = (bytes: number): DecodeWork => {
    if (!this.#isLong(bytes)) return DECODED_HERE;
    return {
      isApart: true,
      add: async (decode) => {
        const { values, decoded } = decode;
        const moved = [values, ...decoded === undefined ? [] : [decoded.directions, decoded.sums]];
        const answer = await this.ask(bytes, { decode }, moved.map(({ buffer }) => buffer));
        return answer as DecodedPart | undefined ?? decodePart(decode);
      },
      finish: async (finish) => {
        const answer = await this.ask(bytes, { finish }, [finish.sums.buffer]);
        return answer as Float64Array<ArrayBuffer> | undefined ?? finishDecoded(finish);
      },
    };
  };

  /**
   * Who pools features: a thread while more are encoded, or of few the thread that asks.
   *
   * @param bytes How many bytes of features there are.
   */
  poolWork(bytes: number): PoolWork {
    if (!this.#isLong(bytes)) return POOLED_HERE;
    return {
      pool: async (pool) => {
        const moved = [pool.values.buffer, ...arraysOf(pool.reductions)];
        const answer = await this.ask(bytes, { pool }, moved);
        return answer as PooledPart | undefined ?? poolPart(pool);
      },
    };
  }

  async #read(
    request: CheckpointRequest,
    shape: Pick<SaeShape, "width" | "featureCount">,
  ): Promise<CheckpointAnswer> {
    const { room } = request;
    const answer = await this.ask(bytesOf(shape), request, room && [room.buffer]);
    return answer as CheckpointAnswer | undefined ?? await readCheckpoint(request);
  }

  #isLong(bytes: number): boolean {
    return this.#pool !== undefined && bytes >= this.#short;
  }

  /**
   * Has a thread answer a request.
   *
   * @param bytes How much is to be read.
   * @param transfer What the thread becomes the owner of.
   * @returns Undefined if the thread that asks is to do it.
   * @throws {InputError} As whoever does it.
   * @throws {Error} If a thread has died.
   */
  async ask(
    bytes: number,
    request: ReadingRequest,
    transfer?: Transferable[],
  ): Promise<ReadingAnswer | undefined> {
    if (!this.#isLong(bytes)) return undefined;
    try {
      return await this.#pool!.run(request, transfer);
    } catch (error) {
      this.#goWithout(error);
      return undefined;
    }
  }

  /** Threads may not be started here, as of modules from the web: the thread that asks reads. */
  #goWithout(error: unknown): void {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    this.#pool = undefined;
  }

  /** Ends the threads, and gives memory back. */
  [Symbol.dispose](): void {
    this.#spare.clear();
    this.#pool?.[Symbol.dispose]();
  }
}

/** As long as so many bytes are read, hidden states are checked, and all weights if it takes them. */
function checkingBytes({ hidden: { count, width }, sae }: EncodeInput): number {
  return CHECK_WORK * 4 * count * width + (looksAtAll(sae) ? bytesOf(sae) : 0);
}

/** How long a matrix of an SAE is, in bytes. */
function bytesOf({ width, featureCount }: Pick<SaeShape, "width" | "featureCount">): number {
  return 4 * width * featureCount;
}

async function loadedFrom(
  path: string,
  { encoder: { bias, ...loaded }, weight, greatest }: CheckpointAnswer,
): Promise<LoadedSae> {
  const { shape } = loaded;
  const rows = weight === undefined ? await encoderRows(path) : wholeRows(weight, shape.width);
  const known = greatest === undefined ? rows : { ...rows, greatest };
  return { ...loaded, sae: saeOf(shape, { rows: known, bias }) };
}
