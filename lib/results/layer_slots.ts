/**
 * The part of a layer's result that is compared with other layers.
 *
 * @module
 */
import { featureRow } from "../stats/feature_layout.ts";
import type { LayerResult } from "./layer_result.ts";
import { layoutOf } from "./layout.ts";
import type { LayerRecord } from "./schemas.ts";

/** What the picture of all layers needs of one. */
export interface LayerSlots {
  /** What the layer's results were made of. */
  readonly record: LayerRecord;
  /** The slots' means, `[relations, slots]`; empty without slots. */
  readonly means: Float32Array;
}

/** The slots' part of a layer's activation matrix. */
export function slotsOf({ record, means }: Pick<LayerResult, "record" | "means">): LayerSlots {
  const rows = record.relations.map((_, row) => featureRow(means, layoutOf(record), row).slots);
  return { record, means: Float32Array.from(rows.flatMap((row) => [...row])) };
}
