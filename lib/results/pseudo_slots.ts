/**
 * What stands in the place of slots where an SAE has none: a feature of its own for each relation.
 *
 * @module
 */
import { assignApart } from "../stats/assigned_apart.ts";
import { bestFeatures } from "./best_features.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";

/**
 * Chooses a free feature for each group on the choosing half of the persons, a different one for each:
 * of the best of all groups, those with the highest AUROC first.
 *
 * @param end The feature before which to stop: slots are not chosen.
 * @returns The feature of each group, by the group's number in order; none where no feature whose
 * activations were kept is higher for it, or all of them stand for other groups.
 */
export function pseudoSlots(selectivity: LayerSelectivity, end: number): Map<number, number> {
  const { groups } = selectivity.record;
  return assignApart(
    groups.flatMap((_, group) =>
      [...bestFeatures(selectivity, { group, end })].map((each) => ({ ...each, group }))
    ),
  );
}
