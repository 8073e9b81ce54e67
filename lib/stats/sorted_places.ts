/**
 * Where values stand in their order.
 *
 * @module
 */
import { lowerBound } from "./benjamini_hochberg.ts";

/** Values in their order, and where each stands. */
export interface SortedPlaces {
  /** The values, ascending. */
  readonly sorted: Float64Array<ArrayBuffer>;
  /** For each value, where the first that is equal to it stands; -0 equals 0. */
  readonly places: Uint32Array<ArrayBuffer>;
}

/**
 * Sorts values. Numbers alone are sorted several times as fast as their positions by a function that
 * compares, and zeros, which most activations of a sparse feature are, need no sorting.
 *
 * @throws {RangeError} If a value is NaN.
 */
export function sortedPlaces(values: ArrayLike<number>): SortedPlaces {
  const n = values.length;
  const sorted = new Float64Array(n);
  let [below, others] = [0, 0]; // what is below 0, and all but zeros
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) throw new RangeError(`Cannot rank values: number ${i} is NaN`);
    if (value === 0) continue;
    sorted[others++] = value;
    if (value < 0) below++;
  }
  sorted.subarray(0, others).sort();
  const zeros = n - others;
  sorted.copyWithin(below + zeros, below, others);
  sorted.fill(0, below, below + zeros);
  const places = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    places[i] = value === 0 ? below : lowerBound(sorted, value);
  }
  return { sorted, places };
}

/** Where the values end that are equal to the one that stands first there. */
export function endOfEqual(sorted: Float64Array, first: number): number {
  let end = first + 1;
  while (end < sorted.length && sorted[end] === sorted[first]) end++;
  return end;
}
