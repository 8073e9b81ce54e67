/**
 * Means and standard deviations.
 *
 * @module
 */

/** The arithmetic mean, NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The population standard deviation (divided by n), NaN for no values. */
export function standardDeviation(values: ArrayLike<number>): number {
  const center = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - center) ** 2;
  return Math.sqrt(squares / values.length);
}

/** The greatest value, -Infinity for no values. */
export function maximum(values: ArrayLike<number>): number {
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i++) greatest = Math.max(greatest, values[i]!);
  return greatest;
}
