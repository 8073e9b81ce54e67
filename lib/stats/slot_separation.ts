/**
 * How well the slots tell the relations apart, in two numbers.
 *
 * @module
 */
import { type FeatureLayout, featureRow } from "./feature_layout.ts";
import { mean } from "./mean.ts";

/** The slots' mean activations, averaged. */
export interface SlotSeparation {
  /** Over the relations: the activation of a relation's own slot. */
  diagonal: number;
  /** Over the relations and all their other slots; null if there are no others. */
  offDiagonal: number | null;
}

/**
 * The averages on and off the diagonal of the slots' part of an activation matrix.
 *
 * @param means The activation matrix, `[relations, features]`.
 * @param slots The own slot of each row's relation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { slotSeparation } from "@coact/coact";
 *
 * const means = Float32Array.of(0, 0.75, 0.25, 0, 0.5, 1); // two relations, a free feature, two slots
 * const separation = slotSeparation(means, { freeCount: 1, slotCount: 2 }, [0, 1]);
 * assert.deepEqual(separation, { diagonal: 0.875, offDiagonal: 0.375 });
 * ```
 */
export function slotSeparation(
  means: Float32Array,
  layout: FeatureLayout,
  slots: readonly number[],
): SlotSeparation {
  const rows = slots.map((slot, row) => ({ slot, values: featureRow(means, layout, row).slots }));
  const diagonal = rows.map(({ slot, values }) => values[slot]!);
  const others = rows.flatMap(({ slot, values }) => [...values].filter((_, i) => i !== slot));
  return {
    diagonal: mean(diagonal),
    offDiagonal: others.length === 0 ? null : mean(others),
  };
}
