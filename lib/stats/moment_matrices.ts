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
  return dividedByGroup(moments, moments.sums, new Float32Array(moments.sums.length));
}

/**
 * The consistency of every feature for every relation: the fraction of questions in which it is
 * above the threshold.
 *
 * @returns `[relations, features]`, rows first, in float64 so that no count is lost.
 */
export function consistencies(moments: ActivationSums): Float64Array<ArrayBuffer> {
  return dividedByGroup(moments, moments.counts, new Float64Array(moments.counts.length));
}

/** A loop: `from` with a function takes ten times as long on a matrix of this size. */
function dividedByGroup<T extends Float32Array | Float64Array>(
  { groupSizes, featureCount }: ActivationSums,
  totals: Float64Array | Uint32Array,
  result: T,
): T {
  groupSizes.forEach((size, group) => {
    const end = (group + 1) * featureCount;
    for (let cell = group * featureCount; cell < end; cell++) result[cell] = totals[cell]! / size;
  });
  return result;
}
