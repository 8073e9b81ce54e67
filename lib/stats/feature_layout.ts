/**
 * How the features of an SAE lie in a row of a matrix.
 *
 * @module
 */

/** The free features come first, then one slot for each relation that the SAE was trained on. */
export interface FeatureLayout {
  /** How many free features there are. */
  readonly freeCount: number;
  /** How many slots there are; 0 for a traditional SAE. */
  readonly slotCount: number;
}

/** Row `index` of a matrix of all features, divided into free features and slots. */
export function featureRow<T extends Float32Array | Float64Array>(
  matrix: T,
  { freeCount, slotCount }: FeatureLayout,
  index: number,
): { all: T; free: T; slots: T } {
  const start = index * (freeCount + slotCount);
  const end = start + freeCount + slotCount;
  return {
    all: matrix.subarray(start, end) as T,
    free: matrix.subarray(start, start + freeCount) as T,
    slots: matrix.subarray(start + freeCount, end) as T,
  };
}
