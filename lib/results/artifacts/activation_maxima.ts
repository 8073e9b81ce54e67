/**
 * `layer{00}_activation_maxima.npy`: the greatest activation of every feature for every relation.
 *
 * @module
 */
import { type ArrayArtifact, matrixShape } from "../artifact.ts";

/** The maxima. */
export const activationMaxima: ArrayArtifact<"f4"> = {
  file: "activation_maxima.npy",
  type: "f4",
  shape: matrixShape,
  make: ({ reductions }) => reductions.maxima,
};
