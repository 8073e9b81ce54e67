/**
 * Where a relation can be told apart: over the layers, its slot and the best free feature.
 *
 * @module
 */
import type { LayerName } from "./layer_name.ts";
import { bestFeatures } from "./best_features.ts";
import { featureAuroc, type FeatureEstimate } from "./feature_estimate.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";

/** A feature at a layer: what a picture or a sentence needs of it. */
export type EmergencePoint = Pick<
  FeatureEstimate,
  "feature" | "auroc" | "interval" | "isCrossed"
>;

/** A relation at a layer. */
export interface Emergence {
  /** Its slot, on all questions: it was not chosen by them. Undefined without slots. */
  readonly slot: EmergencePoint | undefined;
  /**
   * The best free feature, chosen on one half of the persons, on the other half; undefined where none
   * that was kept is higher for the relation.
   */
  readonly free: EmergencePoint | undefined;
  /** Whether it is known whose the questions are: if not, each counts as a person's only one. */
  readonly arePersonsKnown: boolean;
}

/** How the features of a layer lie. */
export interface EmergenceSource {
  /** The layer. */
  readonly layer: LayerName;
  /** Its statistics. */
  readonly selectivity: LayerSelectivity;
  /** How many free features there are; slots come after them. */
  readonly freeCount: number;
}

/** What each relation comes to at a layer, in the order of the groups. */
export function emergenceAt({ selectivity, freeCount }: EmergenceSource): Emergence[] {
  const { groups, n_features } = selectivity.record;
  return groups.map(({ index }, group) => {
    const slot = freeCount + index;
    const [free] = bestFeatures(selectivity, { group, end: freeCount });
    const point = (feature: number, on: "all" | "estimating"): EmergencePoint => {
      const { auroc, interval, isCrossed } = featureAuroc(selectivity, { feature, group, on });
      return { feature, auroc, interval, isCrossed };
    };
    return {
      slot: slot < n_features ? point(slot, "all") : undefined,
      free: free === undefined ? undefined : point(free.feature, "estimating"),
      arePersonsKnown: selectivity.record.persons !== null,
    };
  });
}

/**
 * The first layer at which the interval of an AUROC lies above ½.
 *
 * @param points One a layer, in their order.
 * @returns Its position; undefined if there is none.
 */
export function firstAboveChance(
  points: readonly (EmergencePoint | undefined)[],
): number | undefined {
  const at = points.findIndex((point) => point?.interval && point.interval[0] > 0.5);
  return at === -1 ? undefined : at;
}
