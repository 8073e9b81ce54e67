/**
 * @module
 */
import type { FeatureLayout } from "../stats/feature_layout.ts";

/** How the features of a layer lie in the rows of its matrices. */
export function layoutOf(record: { n_free: number; n_relation: number }): FeatureLayout {
  return { freeCount: record.n_free, slotCount: record.n_relation };
}
