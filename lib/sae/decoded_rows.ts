/**
 * What a decoder makes of activations that come some features at a time: the decoder is read once,
 * for however many states.
 *
 * @module
 */
import { type Decoding, finishRow } from "./decode.ts";
import type { FeatureColumns } from "./encode/columns.ts";
import { withRows } from "./feature_rows.ts";
import { rangesOf } from "./feature_ranges.ts";

/** Sums of what features add to each state, in float64. */
export class DecodedRows {
  #decoding: Decoding;
  #sums: Float64Array[];

  /**
   * Begins with nothing.
   *
   * @param rows How many states there are.
   */
  constructor(decoding: Decoding, rows: number) {
    this.#decoding = decoding;
    this.#sums = Array.from({ length: rows }, () => new Float64Array(decoding.decoder.width));
  }

  /**
   * Adds what some features give, each feature once. What no state has is not read.
   *
   * @throws {InputError} If a weight is damaged or not finite.
   */
  async add({ first, count, questions, values }: FeatureColumns): Promise<void> {
    const { width, rows } = this.#decoding.decoder;
    for (const part of rangesOf({ featureCount: count, width })) {
      const columns = values.subarray(
        part.first * questions,
        (part.first + part.count) * questions,
      );
      if (columns.every((z) => z === 0)) continue;
      await withRows(rows, { first: first + part.first, count: part.count }, (directions) => {
        for (let feature = 0; feature < part.count; feature++) {
          const direction = directions.subarray(feature * width, (feature + 1) * width);
          this.#sums.forEach((sum, row) => {
            const z = columns[feature * questions + row]!;
            if (z !== 0) { for (let i = 0; i < width; i++) sum[i]! += z * direction[i]!; }
          });
        }
      });
    }
  }

  /**
   * What is decoded of a state, once all features were added. It is asked for once.
   *
   * @param state The hidden state, `[width]`: the SAE may scale and shift it.
   */
  finish(row: number, state: Float32Array): Float64Array {
    const sum = this.#sums[row]!;
    finishRow(this.#decoding, sum, Float64Array.from(state));
    return sum;
  }
}
