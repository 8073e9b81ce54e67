/**
 * Arrays as `.npy` files, which NumPy reads.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @module
 */
import { dump, parse } from "npyjs";
import { InputError, messageOf } from "../errors.ts";
import { FileSource } from "../files/byte_source.ts";
import { elementCount, shapeText } from "../tensors/stored_tensor.ts";
import { writeWhole } from "../files/write_whole.ts";

/** The element types that result files have, by NumPy's names. */
export interface ArrayTypes {
  /** Float32. */
  f4: Float32Array<ArrayBuffer>;
  /** Float64. */
  f8: Float64Array<ArrayBuffer>;
  /** Int32. */
  i4: Int32Array<ArrayBuffer>;
}

/** Writes an array, whole or not at all. */
export async function writeNpy(
  path: string,
  data: ArrayTypes[keyof ArrayTypes],
  shape: readonly number[],
): Promise<void> {
  await writeWhole(path, new Uint8Array(dump(data, [...shape])));
}

/**
 * Reads an array.
 *
 * @param type The element type that it must have.
 * @param shape The shape that it must have.
 * @throws {InputError} If it is missing, damaged, of another type or shape, or holds NaN or
 * infinity.
 */
export async function readNpy<T extends keyof ArrayTypes>(
  path: string,
  type: T,
  shape: readonly number[],
): Promise<ArrayTypes[T]> {
  using source = await FileSource.open(path);
  const { buffer } = await source.read(0, source.byteLength);
  const array = parseNpy(path, buffer);
  if (array.dtype !== type || array.fortranOrder) {
    throw new InputError(`${path} holds ${array.dtype} elements, expected ${type} in C order`);
  }
  if (shapeText(array.shape) !== shapeText(shape)) {
    throw new InputError(
      `${path} has shape ${shapeText(array.shape)}, expected ${shapeText(shape)}`,
    );
  }
  const data = array.data as ArrayTypes[T];
  const count = elementCount(shape);
  if (data.length < count) {
    throw new InputError(`${path} is truncated: it has ${data.length} of ${count} elements`);
  }
  if (data.length > count) {
    throw new InputError(`${path} has ${data.length} elements, expected ${count}`);
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1) throw new InputError(`${path} holds ${data[wrong]} at position ${wrong}`);
  return data;
}

function parseNpy(path: string, buffer: ArrayBuffer) {
  try {
    return parse(buffer);
  } catch (error) {
    const why = error instanceof RangeError ? "it is truncated" : messageOf(error);
    throw new InputError(`${path} is no usable .npy file: ${why}`);
  }
}
