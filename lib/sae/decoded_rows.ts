/**
 * What a decoder makes of activations that come some features at a time: the decoder is read once,
 * for however many states.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";
import type { Decoding } from "./decode.ts";
import { type ActiveFeatures, DECODED_HERE, type DecodeWork } from "./decode_task.ts";
import type { FeatureColumns } from "./encode/columns.ts";
import type { FeatureRange } from "./feature_rows.ts";
import { rangesOf } from "./feature_ranges.ts";

/** How states are decoded. */
export interface DecodedRowsOptions {
  /** How many states each set has; the sets follow each other. */
  readonly sets: readonly number[];
  /** The SAE and its decoder. Default: features are counted, and nothing is decoded. */
  readonly decoding?: Decoding | undefined;
  /** Who does it. Default: whoever asks. */
  readonly work?: DecodeWork | undefined;
}

/**
 * Counts features, and sums up what they add to each state, in float64. One part is at work while the
 * next is computed.
 */
export class DecodedRows {
  readonly #decoding: Decoding | undefined;
  readonly #work: DecodeWork;
  readonly #states: number;
  readonly #sets: readonly number[];
  #sums: Float64Array<ArrayBuffer>;
  #counts: ActiveFeatures[];
  /** Kept once the part before is added. */
  #before: Promise<void> = Promise.resolve();

  /** Begins with nothing. */
  constructor({ sets, decoding, work = DECODED_HERE }: DecodedRowsOptions) {
    this.#decoding = decoding;
    this.#work = work;
    this.#sets = sets;
    this.#states = sets.reduce((sum, count) => sum + count, 0);
    this.#sums = new Float64Array(this.#states * (decoding?.decoder.width ?? 0));
    this.#counts = sets.map(() => ({ features: 0, active: 0, activations: 0 }));
  }

  /**
   * Adds some features, each once. What no state has is not read. The values are handed over. It
   * returns once all features before them are added.
   *
   * @throws {InputError} If a weight is damaged or not finite, of these features or those before.
   * @throws {Error} If a thread has died.
   */
  async add({ first, count, values }: FeatureColumns): Promise<void> {
    const width = this.#decoding?.decoder.width ?? 1;
    const parts = [...rangesOf({ featureCount: count, width })];
    for (const part of parts) {
      const start = part.first * this.#states;
      const own = parts.length === 1
        ? values
        : values.slice(start, start + part.count * this.#states);
      await this.#before;
      const isActive = this.#decoding !== undefined && own.some((z) => z !== 0);
      const directions = isActive
        ? await this.#read({ first: first + part.first, count: part.count })
        : undefined;
      this.#before = this.#add(own, directions);
      this.#before.catch(() => {}); // it is thrown when it is awaited
    }
  }

  async #add(
    values: Float32Array<ArrayBuffer>,
    directions: Float32Array<ArrayBuffer> | undefined,
  ): Promise<void> {
    const decoded = directions && { directions, sums: this.#sums };
    const { sets, sums } = await this.#work.add({ values, sets: this.#sets, decoded });
    this.#sums = sums ?? this.#sums;
    // What was handed over has no length any more.
    if (directions?.length) this.#decoding!.decoder.rows.release?.(directions);
    this.#counts = this.#counts.map((all, i) => ({
      features: all.features + sets[i]!.features,
      active: all.active + sets[i]!.active,
      activations: all.activations + sets[i]!.activations,
    }));
  }

  /** The rows of some features; of those that stay in memory a copy, if they are handed over. */
  async #read({ first, count }: FeatureRange): Promise<Float32Array<ArrayBuffer>> {
    const { rows } = this.#decoding!.decoder;
    const read = await rows.read(first, count);
    return this.#work.isApart && rows.release === undefined ? read.slice() : read;
  }

  /**
   * How many features are active, set by set, once all were added.
   *
   * @throws {Error} As {@linkcode add} does.
   */
  async counts(): Promise<readonly ActiveFeatures[]> {
    await this.#before;
    return this.#counts;
  }

  /**
   * What is decoded of all states, `[states, decoder.width]`, once all features were added. It is
   * asked for once, and where there is a decoder.
   *
   * @param states The hidden states: the SAE may scale and shift them.
   * @throws {Error} As {@linkcode add} does.
   */
  async finish(states: Rows): Promise<Float64Array<ArrayBuffer>> {
    await this.#before;
    const { sae: { input, width }, decoder: { rows: _, ...decoder } } = this.#decoding!;
    const values = states.read(0, states.count);
    return await this.#work.finish({
      sums: this.#sums,
      states: values,
      sae: { input, width },
      decoder,
    });
  }
}
