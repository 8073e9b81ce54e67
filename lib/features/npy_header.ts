/**
 * The header of a `.npy` file whose elements are written later.
 *
 * @module
 */

/** Element types by NumPy's names. */
export type ElementType = "<f4" | "<i4" | "<i8" | "|S3";

/** What the elements of an array begin at a multiple of, in bytes. */
const ALIGNMENT = 64;

/**
 * The header of a `.npy` file in C order, for elements that are written piece by piece after it.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npyHeader(type: ElementType, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + dict.length + 1) / ALIGNMENT) * ALIGNMENT;
  const text = `${dict.padEnd(length - 11)}\n`;
  const bytes = new Uint8Array(length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  new TextEncoder().encodeInto(text, bytes.subarray(10));
  return bytes;
}
