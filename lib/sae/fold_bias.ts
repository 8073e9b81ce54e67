/**
 * @module
 */
import type { EncoderWeights } from "./sae.ts";
import { dot } from "./dot.ts";

/**
 * The bias that makes W x + bias the same as W (x - subtracted) + b, added up in float64.
 *
 * @param weights W `[features, width]` and b `[features]`.
 * @param subtracted What the SAE subtracts from a hidden state, `[width]`: its b_dec.
 */
export function foldBias(
  { weight, bias }: EncoderWeights,
  subtracted: Float32Array,
): Float32Array<ArrayBuffer> {
  const width = subtracted.length;
  const vector = Float64Array.from(subtracted);
  const row = new Float64Array(width);
  return bias.map((own, feature) => {
    row.set(weight.subarray(feature * width, (feature + 1) * width));
    return own - dot(row, vector);
  });
}
