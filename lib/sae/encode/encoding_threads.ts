/**
 * Threads that encode, each some of the features: in a single session of ONNX Runtime all threads wait for the
 * last of them after each operator, and others that read and draw make one late. A layer of 10,006 features took
 * 92 ms on 16 cores by one session of 16 threads, 68 by two of eight, 52 by four of four and 44 by eight of two,
 * side by side. On two cores, beside the thread that reads, two of one take a tenth less than one of two.
 *
 * @module
 */
import type { ComputeDevice } from "../../compute/device.ts";
import { nativeDirectory } from "../../compute/native_runtime.ts";
import { WorkerPool } from "../../compute/worker_pool.ts";
import type { SaeKind } from "../sae.ts";
import { encodeApartOf, type EncodedApart, ownOf } from "./encode_apart.ts";
import type { EncodeRequest, EncodeSetup } from "./encode_worker.ts";
import type { EncodeInput } from "./encoder.ts";

/** A thread of fewer cores is faster still, but each has a session's memory, and others read and draw beside. */
const CORES_A_THREAD = 4;
/** On machines of more than 16 cores nothing was measured. */
const MOST_THREADS = 4;

/** How many threads encode: one of four cores, two at least and four at most; none on a single core. */
export function encodingThreadCount(cores: number): number {
  if (cores < 2) return 0;
  return Math.min(MOST_THREADS, Math.max(2, Math.floor(cores / CORES_A_THREAD)));
}

/** Threads with a session of ONNX Runtime each. Whoever makes them closes them, by `await using`. */
export class EncodingThreads implements AsyncDisposable {
  /** How many there are. */
  readonly count: number;
  #pool: WorkerPool<EncodeRequest, EncodedApart | undefined> | undefined;

  /**
   * Those for some SAEs; none is started yet.
   *
   * @param saes They are all of one kind if the first is AlignSAE's.
   */
  static forSaes(
    saes: readonly { readonly shape: { readonly kind: string } }[],
    { runtime: { threads } }: Pick<ComputeDevice, "runtime">,
  ): EncodingThreads {
    const kind = saes[0]?.shape.kind;
    const expected = kind === "supervised" || kind === "traditional" ? kind : undefined;
    return new EncodingThreads(threads, { expected });
  }

  /**
   * Starts nothing yet.
   *
   * @param cores How many cores they have together.
   * @param how How many threads, by default {@linkcode encodingThreadCount}, and the kind of SAE that is probably
   * encoded, if it is known: they make themselves ready for it.
   */
  constructor(
    cores: number,
    { count = encodingThreadCount(cores), expected }: {
      count?: number;
      expected?: SaeKind | undefined;
    } = {},
  ) {
    this.count = count;
    if (count === 0) return;
    const threads = Math.max(1, Math.floor(cores / count));
    this.#pool = new WorkerPool(import.meta.resolve("./encode_worker.ts"), {
      size: count,
      setup: {
        threads,
        libraries: nativeDirectory(),
        // With one core each it saves no time, and takes memory while the language model does.
        expected: threads > 1 ? expected : undefined,
      } satisfies EncodeSetup,
      // A binary's libraries may have to be unpacked, which is writing.
      permissions: Deno.build.standalone ? undefined : "draw",
    });
  }

  /** Whether there are any; none may be started of modules from the web. */
  get areThere(): boolean {
    return this.#pool !== undefined;
  }

  /** Starts all of them ahead of the first work, so that they load their modules meanwhile. */
  start(): void {
    this.#whereAllowed(() => this.#pool?.startFor(this.count));
  }

  /**
   * Has a thread encode.
   *
   * @returns What it gives, with the columns that the input would be handed; undefined if there is none.
   * @throws {InputError} If ONNX Runtime fails.
   * @throws {Error} If a thread has died.
   */
  async encode(input: EncodeInput): Promise<EncodedApart | undefined> {
    if (this.#pool === undefined) return undefined;
    const asked = await encodeApartOf(input);
    return await this.#whereAllowed(() => this.#pool?.run(asked, ownOf(asked)));
  }

  /** Does what may start threads; undefined where none may be started. */
  #whereAllowed<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      this.#pool?.[Symbol.dispose]();
      this.#pool = undefined;
      return undefined;
    }
  }

  /** Ends them, once what they are at is done; before that each gives its session's memory back. */
  async [Symbol.asyncDispose](): Promise<void> {
    const pool = this.#pool;
    if (pool === undefined) return;
    this.#pool = undefined;
    await pool.askEach({ release: true });
    pool[Symbol.dispose]();
  }
}
