/**
 * Dot products, in the orders in which they are added up.
 *
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

/** How many rows are multiplied at a time. */
const ROWS_AT_ONCE = 4;

/**
 * The dot products of all rows of a matrix with a vector. Each is added up in the order in which
 * {@linkcode dot} adds, so that it is the same number; but four rows take turns, so that no addition
 * waits for the one before.
 *
 * @param matrix Rows of the vector's length, one after the other.
 * @param vector The vector.
 * @param results Where they go, one a row.
 */
export function dotRows(matrix: Float32Array, vector: Float64Array, results: Float64Array): void {
  const width = vector.length;
  const together = results.length - results.length % ROWS_AT_ONCE;
  for (let row = 0; row < together; row += ROWS_AT_ONCE) {
    const [a, b] = [row * width, (row + 1) * width];
    const [c, d] = [b + width, b + 2 * width];
    let [s, t, u, v] = [0, 0, 0, 0];
    for (let i = 0; i < width; i++) {
      const x = vector[i]!;
      s += matrix[a + i]! * x;
      t += matrix[b + i]! * x;
      u += matrix[c + i]! * x;
      v += matrix[d + i]! * x;
    }
    results[row] = s;
    results[row + 1] = t;
    results[row + 2] = u;
    results[row + 3] = v;
  }
  for (let row = together; row < results.length; row++) {
    let sum = 0;
    for (let i = 0, at = row * width; i < width; i++, at++) sum += matrix[at]! * vector[i]!;
    results[row] = sum;
  }
}
