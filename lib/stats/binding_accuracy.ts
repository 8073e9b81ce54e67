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
