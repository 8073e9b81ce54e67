/**
 * Some neighbouring features of an SAE, as an SAE of their own.
 *
 * @module
 */
import type { Activation } from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { EncoderWeights, Sae } from "../sae.ts";
import type { Cutoffs } from "../top_k.ts";

/** The features by themselves, without targets; top-k is within them. */
export function sliceSae(sae: Sae, range: FeatureRange): Sae {
  return {
    ...sae,
    featureCount: range.count,
    ...sliceWeights(sae, range),
    ...(sae.glu && { glu: sliceWeights(sae.glu, range) }),
    activation: sliceActivation(sae.activation, range),
    targets: [],
  };
}

function sliceWeights({ rows, bias }: EncoderWeights, { first, count }: FeatureRange) {
  return {
    rows: {
      width: rows.width,
      read: (from: number, many: number) => rows.read(first + from, many),
      ahead: (from: number, many: number) => rows.ahead?.(first + from, many),
      ...(rows.release && {
        release: (some: Float32Array<ArrayBuffer>) => rows.release!(some),
      }),
      isEvenlyRead: rows.isEvenlyRead,
      ...(rows.readColumns && {
        readColumns: (own: FeatureRange, depth: FeatureRange) =>
          rows.readColumns!({ ...own, first: first + own.first }, depth),
      }),
    },
    bias: bias.subarray(first, first + count),
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
