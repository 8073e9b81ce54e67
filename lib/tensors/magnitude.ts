/**
 * @module
 */

/** The largest number that float32 holds. */
export const LARGEST_FLOAT32: number = (2 - 2 ** -23) * 2 ** 127;
/** The smallest number that float32 holds in full; GPUs may take anything below for 0. */
export const SMALLEST_FLOAT32: number = 2 ** -126;

/** All bits of a float32 but its sign: as whole numbers they are in the order of the magnitudes. */
const MAGNITUDE_BITS = 0x7fffffff;

/**
 * The greatest magnitude among numbers, 0 if there is none. NaN counts as beyond infinity, so that
 * the result is finite if and only if all numbers are.
 */
export function greatestMagnitude(values: Float32Array): number {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let greatest = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i]! & MAGNITUDE_BITS;
    if (magnitude > greatest) greatest = magnitude;
  }
  return new Float32Array(Int32Array.of(greatest).buffer)[0]!;
}
