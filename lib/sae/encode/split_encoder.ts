/**
 * An encoder whose work threads share, each some of the features.
 *
 * @module
 */
import { Turns } from "../../base/turns.ts";
import { FEATURE_STEP } from "../feature_ranges.ts";
import type { FeatureRange } from "../feature_rows.ts";
import { canBeEncodedApart } from "./encode_apart.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";
import type { EncodingThreads } from "./encoding_threads.ts";
import { encodeGroups } from "./feature_groups.ts";
import { keptFeatures } from "./kept_features.ts";
import { LEAST_FEATURES } from "./ort_division.ts";

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
    const { hidden: { count: questions }, sae: { featureCount: features, width } } = input;
    const { areThere, count } = this.#threads;
    const isShared = areThere && features >= LEAST_FEATURES * count &&
      isWorthThreads({ questions, features, width }) && canBeEncodedApart(input);
    if (!isShared) return await this.#encodeWhole(input);
    const how = { groups: evenRanges(features, count), kept: keptFeatures(input), atOnce: count };
    return await encodeGroups(
      input,
      how,
      async (own) => await this.#threads.encode(own) ?? await this.#encodeWhole(own),
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

/** Cuts features into so many runs, as even as can be. */
function evenRanges(features: number, count: number): FeatureRange[] {
  const firstOf = (i: number) =>
    i === count ? features : FEATURE_STEP * Math.floor(i * features / count / FEATURE_STEP);
  return Array.from({ length: count }, (_, i) => {
    return { first: firstOf(i), count: firstOf(i + 1) - firstOf(i) };
  });
}
