/**
 * Some neighbouring features of an SAE, as an SAE of their own.
 *
 * @module
 */
import type { Activation } from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import type { Cutoffs } from "../top_k.ts";

/** The features by themselves, without targets; top-k is within them. */
export function sliceSae(sae: Sae, range: FeatureRange): Sae {
  const { first, count } = range;
  return {
    ...sae,
    featureCount: count,
    rows: {
      width: sae.width,
      read: (from, many) => sae.rows.read(first + from, many),
      ahead: (from, many) => sae.rows.ahead?.(first + from, many),
      release: (rows) => sae.rows.release?.(rows),
    },
    bias: sae.bias.subarray(first, first + count),
    activation: sliceActivation(sae.activation, range),
    targets: [],
  };
}

function sliceActivation(
  { threshold, floor, scale, offset }: Activation,
  { first, count }: FeatureRange,
): Activation {
  const own = (values: Float32Array | undefined) => values?.subarray(first, first + count);
  const isTopK = typeof threshold === "object" && "k" in threshold;
  return {
    threshold: isTopK
      ? { k: threshold.k, by: threshold.by }
      : typeof threshold === "object"
      ? own(threshold)
      : threshold,
    floor,
    scale: own(scale),
    offset: own(offset),
  };
}

/** What top-k of all features comes to, by the numbers that some of them have by themselves. */
export function sliceCutoffs(
  { thresholds, ends }: Cutoffs,
  { first, count }: FeatureRange,
): Cutoffs {
  return { thresholds, ends: ends.map((end) => Math.min(count, Math.max(0, end - first))) };
}
