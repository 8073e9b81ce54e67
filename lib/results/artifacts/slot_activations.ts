/**
 * `layer{00}_slot_activations.npy`: the activation of every slot for every question.
 *
 * @module
 */
import { type ArrayArtifact, hasSlots, questionCount } from "../artifact.ts";

/** The slots' activations. */
export const slotActivations: ArrayArtifact<"f4"> = {
  file: "slot_activations.npy",
  isOf: hasSlots,
  type: "f4",
  shape: (record) => [questionCount(record), record.slotCount],
  make: (numbers) => numbers.keptActivations,
};
