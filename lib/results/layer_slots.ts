/**
 * The part of a layer's result that is compared with other layers.
 *
 * @module
 */
import { featureRow } from "../stats/feature_layout.ts";
import { mostSelective } from "../stats/rank_by_relation.ts";
import type { LayerResult } from "./layer_result.ts";
import type { LayerRecord } from "./layer_record.ts";

/** What the picture of all layers needs of one. */
export interface LayerSlots {
  /** What the layer's results were made of. */
  readonly record: LayerRecord;
  /** The slots' means, `[relations, slots]`; empty without slots. */
  readonly means: Float32Array;
  /** The feature that stands out most for each relation, which is shown where there are no slots. */
  readonly features: {
    /** The features, one for each relation. */
    readonly indices: readonly number[];
    /** Their means, `[relations, relations]`: the columns are the features. */
    readonly means: Float32Array;
    /** The shares of questions in which they are active; undefined of AlignSAE's. */
    readonly shares?: Float32Array | undefined;
  };
}

/** What a layer's slots, or the features in their place, are taken from. */
export type SlotsSource = Pick<LayerResult, "record" | "means" | "consistency">;

/** The slots' part of a layer's activation matrix. */
export function slotsOf({ record, means, consistency }: SlotsSource): LayerSlots {
  const rows = record.relations.map((_, row) => featureRow(means, record, row).slots);
  return {
    record,
    means: Float32Array.from(rows.flatMap((row) => [...row])),
    features: mostSelectiveFeatures({ record, means, consistency }),
  };
}

/** Of AlignSAE's by their means, of others by how often they are active: see the summary. */
function mostSelectiveFeatures(
  { record: { relations, freeCount, slotCount, sae }, means, consistency }: SlotsSource,
): LayerSlots["features"] {
  const stride = freeCount + slotCount;
  const isByShare = sae === "unsupervised";
  const indices = mostSelective(isByShare ? consistency : means, {
    rows: relations.length,
    stride,
    end: freeCount,
  });
  const valuesOf = (matrix: Float32Array | Float64Array) =>
    Float32Array.from(
      relations.flatMap((_, row) => indices.map((feature) => matrix[row * stride + feature]!)),
    );
  return {
    indices,
    means: valuesOf(means),
    ...(isByShare && { shares: valuesOf(consistency) }),
  };
}
