/**
 * How often the slots name the relation that was asked about.
 *
 * @module
 */
import { topFeatures } from "./top_features.ts";

/**
 * The binding accuracy of each group of questions: the share of questions whose largest slot is
 * the relation's own. Of equal slots the lower one counts as the largest.
 *
 * @param slotActivations The slots' activations, `[questions, slots]`, grouped by relation.
 * @param groups The relations in the order of the questions: how many questions, and which slot.
 * @returns One share for each group.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bindingAccuracies } from "@coact/coact";
 *
 * const slots = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.3, 0.7); // three questions, two slots
 * const groups = [{ size: 2, slot: 0 }, { size: 1, slot: 1 }];
 * assert.deepEqual(bindingAccuracies(slots, groups), [0.5, 1]);
 * ```
 */
export function bindingAccuracies(
  slotActivations: Float32Array,
  groups: readonly { size: number; slot: number }[],
): number[] {
  const questions = groups.reduce((total, { size }) => total + size, 0);
  const slotCount = slotActivations.length / questions;
  let start = 0;
  return groups.map(({ size, slot }) => {
    let right = 0;
    for (let question = 0; question < size; question++, start += slotCount) {
      const [largest] = topFeatures(slotActivations.subarray(start, start + slotCount), 1);
      if (largest === slot) right++;
    }
    return right / size;
  });
}
