/**
 * From sums and counts to the matrices that are written.
 *
 * @module
 */

/** Sums over the questions of each relation, rows first. */
interface Sums {
  readonly groupSizes: readonly number[];
  readonly featureCount: number;
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
}

/**
 * The mean activation of every feature for every relation: the activation matrix.
 *
 * @returns `[relations, features]`, rows first.
 */
export function meanActivations(moments: Sums): Float32Array<ArrayBuffer> {
  const { sums, featureCount, groupSizes } = moments;
  return Float32Array.from(sums, (sum, cell) => sum / groupSizes[Math.floor(cell / featureCount)]!);
}

/**
 * The consistency of every feature for every relation: the fraction of questions in which it is
 * above the threshold.
 *
 * @returns `[relations, features]`, rows first, in float64 so that no count is lost.
 */
export function consistencies(moments: Sums): Float64Array<ArrayBuffer> {
  const { counts, featureCount, groupSizes } = moments;
  return Float64Array.from(
    counts,
    (count, cell) => count / groupSizes[Math.floor(cell / featureCount)]!,
  );
}
