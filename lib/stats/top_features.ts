/**
 * @module
 */

/**
 * The positions of the greatest values, in descending order of the values; of equal ones the lower
 * position comes first.
 *
 * @param count How many; all if there are fewer.
 */
export function topFeatures(values: ArrayLike<number>, count: number): number[] {
  const positions = Array.from({ length: values.length }, (_, i) => i);
  positions.sort((a, b) => values[b]! - values[a]! || a - b);
  return positions.slice(0, count);
}
