/**
 * Tables of powers.
 *
 * @module
 */

/**
 * Writes the powers of a number, from 1 on: by multiplication, which is exact enough, as a product of a
 * hundred factors loses two digits.
 */
export function powers(into: Float64Array, count: number, base: number): void {
  let power = 1;
  for (let i = 0; i < count; i++) {
    into[i] = power;
    power *= base;
  }
}
