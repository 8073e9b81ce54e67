/**
 * Which features light up for nearly every question of a relation.
 *
 * Source of the formulas and keys: `layer{00}_common_features.json` of the AlignSAE analysis.
 *
 * @module
 */
import { type FeatureLayout, featureRow } from "./feature_layout.ts";
import { maximum } from "./mean.ts";

/** A feature is consistent if it is above the threshold in at least this fraction of questions. */
const CONSISTENT = 0.8;
/** How many consistent free features are listed. */
const LISTED = 50;

/** What is said of a relation. */
export interface CommonFeatures {
  /** How many questions there were. */
  n_samples: number;
  /** How many features are consistent: above the threshold in 80 % of the questions. */
  n_consistent_features: number;
  /** How many of them are free features. */
  n_consistent_free: number;
  /** How many of them are slots. */
  n_consistent_slots: number;
  /** The first 50 consistent free features, ascending. */
  consistent_free_indices: number[];
  /** The consistent slots, ascending, counted from 0. */
  consistent_slot_indices: number[];
  /** Fractions of questions above the threshold. */
  consistency_scores: {
    /** The greatest of a free feature. */
    free_features_max: number;
    /** That of the relation's own slot. */
    target_slot_consistency: number;
    /** Those of the other slots, ascending by slot. */
    other_slots_consistency: number[];
  };
}

/**
 * The consistent features of one relation under a supervised SAE.
 *
 * @param consistency Fractions of questions above the threshold, `[relations, features]`.
 * @param relation The relation's row, its own slot, and how many questions there were.
 */
export function commonFeatures(
  consistency: Float64Array,
  layout: FeatureLayout,
  relation: { row: number; slot: number; samples: number },
): CommonFeatures {
  const { free, slots } = featureRow(consistency, layout, relation.row);
  const freeIndices = consistentIndices(free);
  const slotIndices = consistentIndices(slots);
  return {
    n_samples: relation.samples,
    n_consistent_features: freeIndices.length + slotIndices.length,
    n_consistent_free: freeIndices.length,
    n_consistent_slots: slotIndices.length,
    consistent_free_indices: freeIndices.slice(0, LISTED),
    consistent_slot_indices: slotIndices,
    consistency_scores: {
      free_features_max: maximum(free),
      target_slot_consistency: slots[relation.slot]!,
      other_slots_consistency: [...slots].filter((_, slot) => slot !== relation.slot),
    },
  };
}

function consistentIndices(values: Float64Array): number[] {
  return [...values.keys()].filter((index) => values[index]! >= CONSISTENT);
}
