/**
 * The greatest magnitude among numbers, and what float32 holds.
 *
 * @module
 */

import type { DataType } from "./stored_tensor.ts";

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

/** All bits of a 16-bit number but its sign. */
const HALF_MAGNITUDE_BITS = 0x7fff;

/**
 * The greatest magnitude among stored numbers, as {@linkcode greatestMagnitude} gives it: found
 * without converting them, which would take ten times as long. Undefined for a type that is not of
 * float32, float16 or bfloat16.
 *
 * @param bytes The numbers, little-endian.
 */
export function greatestStored(
  bytes: Uint8Array<ArrayBuffer>,
  dataType: DataType,
): number | undefined {
  if (!(dataType === "float32" || dataType === "float16" || dataType === "bfloat16")) return;
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  if (dataType === "float32") {
    return greatestMagnitude(new Float32Array(buffer, byteOffset, length / 4));
  }
  const bits = new Uint16Array(buffer, byteOffset, length / 2);
  let greatest = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i]! & HALF_MAGNITUDE_BITS;
    if (magnitude > greatest) greatest = magnitude;
  }
  const one = Uint16Array.of(greatest);
  if (dataType === "float16") return new Float16Array(one.buffer)[0]!;
  return new Float32Array(Uint32Array.of(greatest << 16).buffer)[0]!; // the upper half of a float32
}
