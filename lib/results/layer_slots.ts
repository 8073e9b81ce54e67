/**
 * The part of a layer's result that is compared with other layers.
 *
 * @module
 */
import { featureRow } from "../stats/feature_layout.ts";
import { mostSelective } from "../stats/rank_by_relation.ts";
import type { LayerResult } from "./layer_result.ts";
import { layoutOf } from "./layout.ts";
import type { LayerRecord } from "./schemas.ts";

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
  };
}

/** The slots' part of a layer's activation matrix. */
export function slotsOf({ record, means }: Pick<LayerResult, "record" | "means">): LayerSlots {
  const rows = record.relations.map((_, row) => featureRow(means, layoutOf(record), row).slots);
  return {
    record,
    means: Float32Array.from(rows.flatMap((row) => [...row])),
    features: mostSelectiveFeatures({ record, means }),
  };
}

function mostSelectiveFeatures(
  { record, means }: Pick<LayerResult, "record" | "means">,
): LayerSlots["features"] {
  const { relations, n_free, n_relation } = record;
  const stride = n_free + n_relation;
  const indices = mostSelective(means, { rows: relations.length, stride, end: n_free });
  const values = relations.flatMap((_, row) =>
    indices.map((feature) => means[row * stride + feature]!)
  );
  return { indices, means: Float32Array.from(values) };
}
