/**
 * How many values of the other side each value of two sides is above.
 *
 * @module
 */
import { endOfEqual, sortedPlaces } from "./sorted_places.ts";

/** Two sides, and what each value is above. */
export interface PairsAbove {
  /** For each value, twice the number of values of the other side that are lower; equal ones count once. */
  readonly above: Float64Array<ArrayBuffer>;
  /** How many values are in the group. */
  readonly nIn: number;
  /** How many are not. */
  readonly nOut: number;
  /** Whether all values are equal. */
  readonly isConstant: boolean;
}

/**
 * Counts the pairs of each value with the other side. They are whole numbers.
 *
 * @throws {RangeError} If a value is NaN.
 */
export function pairsAbove(
  values: ArrayLike<number>,
  inGroup: ArrayLike<number | boolean>,
): PairsAbove {
  const n = values.length;
  const { sorted, places } = sortedPlaces(values);
  const insideAt = new Uint32Array(n);
  let nIn = 0;
  for (let i = 0; i < n; i++) {
    if (!inGroup[i]) continue;
    insideAt[places[i]!]!++;
    nIn++;
  }
  // Of each side, twice what is below, and what is equal.
  const insideBelow = new Float64Array(n);
  const outsideBelow = new Float64Array(n);
  let [first, below] = [0, 0];
  while (first < n) {
    const end = endOfEqual(sorted, first);
    const inside = insideAt[first]!;
    insideBelow[first] = 2 * below + inside;
    outsideBelow[first] = 2 * (first - below) + end - first - inside;
    below += inside;
    first = end;
  }
  const above = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    above[i] = (inGroup[i] ? outsideBelow : insideBelow)[places[i]!]!;
  }
  return { above, nIn, nOut: n - nIn, isConstant: n === 0 || endOfEqual(sorted, 0) === n };
}
