/**
 * The statistics of a layer's activation matrix, relation by relation.
 *
 * Source of the formulas and keys: `layer{00}_statistics.json` of the AlignSAE analysis.
 *
 * @module
 */
import { type FeatureLayout, featureRow } from "./feature_layout.ts";
import { maximum, mean, standardDeviation } from "./mean.ts";
import { topFeatures } from "./top_features.ts";

/** How many of the top features are listed. */
const TOP_COUNT = 100;

/** What is said of a relation in a layer with a supervised SAE. */
export interface SupervisedStatistics {
  /** The mean of the free features' mean activations. */
  free_features_mean: number;
  /** Their population standard deviation. */
  free_features_std: number;
  /** The greatest of them. */
  free_features_max: number;
  /** The mean activation of each slot. */
  relation_slots: number[];
  /** The mean activation of the relation's own slot. */
  target_slot_activation: number;
  /** The mean of the other slots' mean activations; null if there are none. */
  other_slots_mean: number | null;
  /** The features with the greatest mean activation, slots included. */
  top_100_features: {
    /** Their numbers, the strongest first. */
    indices: number[];
    /** Their mean activations. */
    values: number[];
    /** How many of them are free features. */
    n_free_in_top100: number;
    /** How many of them are slots. */
    n_slots_in_top100: number;
  };
}

/** What is said of a relation in a layer with a traditional SAE. */
export interface TraditionalStatistics {
  /** The mean of all features' mean activations. */
  all_features_mean: number;
  /** Their population standard deviation. */
  all_features_std: number;
  /** The greatest of them. */
  all_features_max: number;
  /** The features with the greatest mean activation. */
  top_100_features: {
    /** Their numbers, the strongest first. */
    indices: number[];
    /** Their mean activations. */
    values: number[];
  };
}

/**
 * The statistics of one relation under a supervised SAE.
 *
 * @param means The activation matrix, `[relations, features]`.
 * @param row The relation's row.
 * @param slot The relation's own slot.
 */
export function supervisedStatistics(
  means: Float32Array,
  layout: FeatureLayout,
  { row, slot }: { row: number; slot: number },
): SupervisedStatistics {
  const { all, free, slots } = featureRow(means, layout, row);
  const indices = topFeatures(all, TOP_COUNT);
  const others = [...slots].filter((_, index) => index !== slot);
  const freeInTop = indices.filter((index) => index < layout.freeCount).length;
  return {
    free_features_mean: mean(free),
    free_features_std: standardDeviation(free),
    free_features_max: maximum(free),
    relation_slots: [...slots],
    target_slot_activation: slots[slot]!,
    other_slots_mean: others.length === 0 ? null : mean(others),
    top_100_features: {
      indices,
      values: indices.map((index) => all[index]!),
      n_free_in_top100: freeInTop,
      n_slots_in_top100: indices.length - freeInTop,
    },
  };
}

/**
 * The statistics of one relation under a traditional SAE.
 *
 * @param means The activation matrix, `[relations, features]`.
 * @param row The relation's row.
 */
export function traditionalStatistics(
  means: Float32Array,
  layout: FeatureLayout,
  row: number,
): TraditionalStatistics {
  const { all } = featureRow(means, layout, row);
  const indices = topFeatures(all, TOP_COUNT);
  return {
    all_features_mean: mean(all),
    all_features_std: standardDeviation(all),
    all_features_max: maximum(all),
    top_100_features: { indices, values: indices.map((index) => all[index]!) },
  };
}
