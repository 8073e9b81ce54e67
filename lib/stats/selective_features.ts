/**
 * Which feature tells a relation from all others by how often it is active, whatever the sizes of
 * activations are: in SAEs of many features these differ by orders of magnitude.
 *
 * @module
 */
import { mostSelective } from "./rank_by_relation.ts";

/** A feature, and in what share of the questions it is active. */
export interface SelectiveFeature {
  /** The feature. */
  readonly feature: number;
  /** The share of the relation's own questions. */
  readonly active: number;
  /** The greatest share of any other relation's questions; 0 if there is no other. */
  readonly elsewhere: number;
}

/**
 * The most selective feature of each relation: the one whose share of active questions there is
 * furthest above that in every other relation; the most active one if none is above. Of equal
 * features it is the lower.
 *
 * @param consistency The shares, `[relations, features]`, rows first.
 * @param shape The relations, and how many of the features are looked at, of how many.
 */
export function selectiveFeatures(
  consistency: Float64Array,
  { rows, stride, end }: { rows: number; stride: number; end: number },
): SelectiveFeature[] {
  return mostSelective(consistency, { rows, stride, end }).map((feature, own) => {
    let elsewhere = 0;
    for (let row = 0; row < rows; row++) {
      if (row !== own) elsewhere = Math.max(elsewhere, consistency[row * stride + feature]!);
    }
    return { feature, active: consistency[own * stride + feature]!, elsewhere };
  });
}
