/**
 * @module
 */

/**
 * The dot product of two vectors of the same length. They are of one type, and the loop ends with
 * the first: so the compiler need ask neither which type it reads nor whether it reads too far.
 */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
