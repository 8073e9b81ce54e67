/**
 * Products with neighbouring rows of a matrix, from a backend: what SAEs are made of whose activations
 * are computed on the CPU from several products.
 *
 * @module
 */
import type { Rows } from "../../files/rows.ts";
import { LINEAR } from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { EncoderWeights } from "../sae.ts";
import type { EncodeBackend } from "./encode_task.ts";
import { sliceSae } from "./slice_sae.ts";

/**
 * W h + b of some neighbouring features for all hidden states, `[states, range.count]`.
 *
 * @throws {InputError} If a weight is damaged or not finite, or the device fails.
 */
export async function runProducts(
  encode: EncodeBackend,
  { rows, bias }: EncoderWeights,
  { hidden, range }: { hidden: Rows; range: FeatureRange },
): Promise<Float32Array<ArrayBuffer>> {
  const { width } = rows;
  const whole = { width, featureCount: bias.length, rows, bias, input: [], activation: LINEAR };
  const { keptActivations } = await encode({
    hidden,
    groupSizes: [hidden.count],
    sae: sliceSae({ ...whole, targets: [] }, range),
    threshold: 0,
    kept: { first: 0, count: range.count },
  });
  return keptActivations;
}
