/**
 * `layer{00}_consistency.npy`: for every feature and relation the fraction of the questions in which
 * the activation is above the threshold.
 *
 * @module
 */
import { consistencies } from "../../stats/moment_matrices.ts";
import { type ArrayArtifact, matrixShape } from "../artifact.ts";

/** The consistencies. */
export const consistency: ArrayArtifact<"f8"> = {
  file: "consistency.npy",
  type: "f8",
  shape: matrixShape,
  make: ({ reductions }) => consistencies(reductions),
  problem: (values) => {
    const wrong = values.findIndex((share) => share < 0 || share > 1);
    return wrong === -1
      ? undefined
      : `holds ${values[wrong]} at position ${wrong}, expected 0 to 1`;
  },
};
