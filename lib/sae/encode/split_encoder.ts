/**
 * An encoder whose work threads share, each some of the features.
 *
 * @module
 */
import { Turns } from "../../base/turns.ts";
import { rowsInMemory } from "../../files/rows.ts";
import { FEATURE_STEP } from "../feature_ranges.ts";
import type { FeatureRange } from "../feature_rows.ts";
import { canBeEncodedApart } from "./encode_apart.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";
import type { EncodingThreads } from "./encoding_threads.ts";
import { encodeGroups } from "./feature_groups.ts";
import { keptFeatures, prepareInput } from "./kept_features.ts";
import { LEAST_FEATURES } from "./ort_division.ts";

/** So many bytes of activations are handed over together at most, but for those of few features. */
const COLUMN_BYTES = 8 * 2 ** 20;
/** Those of few features are not handed over together if they are more: the other encoder has less in memory. */
const MOST_COLUMN_BYTES = 2 * COLUMN_BYTES;

/** What takes fewer operations is not worth the handing over: some 10 ms of 16 cores. */
const LEAST_OPERATIONS = 1e10;

/**
 * Whether threads are worth it: a weight and a question are a multiplication and an addition.
 */
export function isWorthThreads(
  { questions, features, width }: Readonly<Record<"questions" | "features" | "width", number>>,
): boolean {
  return 2 * questions * features * width >= LEAST_OPERATIONS;
}

/**
 * Has threads encode what they can, and another encoder what they cannot. Results are the same, byte for byte.
 * Whoever makes it closes it, by `await using`, and so the other encoder; the threads stay the caller's.
 */
export class SplitEncoder implements Encoder {
  readonly backend: string;
  readonly tileQuestions: number;
  readonly #whole: Encoder;
  /** It has the memory for one SAE at a time. */
  readonly #turns = new Turns(1);
  readonly #threads: EncodingThreads;

  /** Encodes by threads, and by one that does it whole. */
  constructor(whole: Encoder, threads: EncodingThreads) {
    this.backend = whole.backend;
    this.tileQuestions = whole.tileQuestions;
    this.#whole = whole;
    this.#threads = threads;
  }

  /**
   * See {@linkcode Encoder}. While threads encode, each has a copy of its part of the encoder.
   *
   * @throws {Error} If a thread has died.
   */
  async encode(input: EncodeInput): Promise<Encoded> {
    const { areThere, count } = this.#threads;
    const parts = areThere && canBeEncodedApart(input) ? partsOf(input, count) : 0;
    if (parts === 0) return await this.#encodeWhole(input);
    const groups = evenRanges(input.sae.featureCount, parts);
    return await encodeGroups(
      parts === 1 ? input : readOnce(input),
      { groups, kept: keptFeatures(input), atOnce: count },
      async (own) => {
        const apart = await this.#threads.encode(own);
        return apart === undefined
          ? await this.#encodeWhole(own)
          : { ...apart.encoded, columns: apart.columns };
      },
    );
  }

  #encodeWhole(input: EncodeInput): Promise<Encoded> {
    return this.#turns.take(() => this.#whole.encode(input));
  }

  /** Gives the other encoder's memory back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#whole[Symbol.asyncDispose]();
  }
}

/**
 * Into how many parts so many threads divide the work; 0 if it is not theirs. Where activations are handed
 * over, all is: more threads measure them than this one could feed.
 */
function partsOf(
  { hidden: { count: questions }, sae: { featureCount: features, width }, columns }: EncodeInput,
  threads: number,
): number {
  const isWorth = features >= LEAST_FEATURES * threads &&
    isWorthThreads({ questions, features, width });
  if (columns === undefined) return isWorth ? threads : 0;
  const bytes = 4 * features * questions;
  const wanted = Math.max(threads, Math.ceil(bytes / COLUMN_BYTES));
  const parts = isWorth ? Math.min(wanted, Math.floor(features / LEAST_FEATURES)) : 1;
  return bytes > parts * MOST_COLUMN_BYTES ? 0 : parts;
}

/**
 * An input whose states are read for each part: those that are made when they are read, or lie apart, are made once,
 * and go through the SAE's steps once. Those that threads share do so in each thread.
 */
function readOnce(input: EncodeInput): EncodeInput {
  if (input.hidden.shared !== undefined) return input;
  const { hidden, ...prepared } = prepareInput(input);
  return { ...prepared, hidden: rowsInMemory(hidden.read(0, hidden.count), hidden.width) };
}

/** Cuts features into so many runs, as even as can be. */
function evenRanges(features: number, count: number): FeatureRange[] {
  const firstOf = (i: number) =>
    i === count ? features : FEATURE_STEP * Math.floor(i * features / count / FEATURE_STEP);
  return Array.from({ length: count }, (_, i) => {
    return { first: firstOf(i), count: firstOf(i + 1) - firstOf(i) };
  });
}
