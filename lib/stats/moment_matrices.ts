/**
 * From sums and counts to the matrices that are written.
 *
 * @module
 */

/** Sums over the questions of each relation; matrices are `[relations, features]`, rows first. */
export interface ActivationSums {
  /** How many questions each relation has. */
  readonly groupSizes: readonly number[];
  /** How many features there are. */
  readonly featureCount: number;
  /** The sum of each feature's activations. */
  readonly sums: Float64Array;
  /** How often each feature's activation is above the threshold. */
  readonly counts: Uint32Array;
}

/**
 * The mean activation of every feature for every relation: the activation matrix.
 *
 * @returns `[relations, features]`, rows first.
 */
export function meanActivations(moments: ActivationSums): Float32Array<ArrayBuffer> {
  const { sums, featureCount, groupSizes } = moments;
  return Float32Array.from(sums, (sum, cell) => sum / groupSizes[Math.floor(cell / featureCount)]!);
}

/**
 * The consistency of every feature for every relation: the fraction of questions in which it is
 * above the threshold.
 *
 * @returns `[relations, features]`, rows first, in float64 so that no count is lost.
 */
export function consistencies(moments: ActivationSums): Float64Array<ArrayBuffer> {
  const { counts, featureCount, groupSizes } = moments;
  return Float64Array.from(
    counts,
    (count, cell) => count / groupSizes[Math.floor(cell / featureCount)]!,
  );
}
