/**
 * `layer{00}_activation_matrix.npy`: the mean activation of every feature for every relation.
 *
 * @module
 */
import { meanActivations } from "../../stats/moment_matrices.ts";
import { type ArrayArtifact, matrixShape } from "../artifact.ts";

/** The means. */
export const activationMatrix: ArrayArtifact<"f4"> = {
  file: "activation_matrix.npy",
  type: "f4",
  shape: matrixShape,
  make: ({ reductions }) => meanActivations(reductions),
};
