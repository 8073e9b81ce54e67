/**
 * Which features are strongest over all relations.
 *
 * @module
 */
import { topFeatures } from "./top_features.ts";

/**
 * The features whose means over the rows are the greatest, in descending order; of equal ones the
 * lower feature comes first.
 *
 * @param matrix A matrix with a column for each feature, rows first.
 * @param shape Its rows, the columns in each, and the column before which to stop.
 * @param count How many features; all if there are fewer.
 */
export function rankByMean(
  matrix: Float32Array | Float64Array,
  { rows, stride, end }: { rows: number; stride: number; end: number },
  count: number,
): number[] {
  const sums = new Float64Array(end);
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < end; feature++) {
      sums[feature]! += matrix[row * stride + feature]!;
    }
  }
  return topFeatures(sums, count);
}
