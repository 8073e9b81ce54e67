/**
 * Tensors that are views of others, copied.
 *
 * @module
 */
import { elementCount } from "./stored_tensor.ts";

/**
 * Copies a strided view, such as a transposed or an expanded matrix, rows first.
 *
 * @param elements The elements from the view's first one to its last one.
 * @param strides The distance between neighbours along each axis, in elements; 0 repeats them.
 */
export function gather<T extends Float32Array<ArrayBuffer> | Float64Array>(
  elements: T,
  shape: readonly number[],
  strides: readonly number[],
): T {
  const values = new (elements.constructor as new (length: number) => T)(elementCount(shape));
  const last = shape.length - 1;
  const [rowLength = 1, step = 0] = [shape[last], strides[last]];
  const position = shape.map(() => 0);
  let rowStart = 0;
  for (let i = 0; i < values.length; i += rowLength) {
    for (let j = 0; j < rowLength; j++) values[i + j] = elements[rowStart + j * step]!;
    for (let axis = last - 1; axis >= 0; axis--) { // to the next row, as an odometer turns
      rowStart += strides[axis]!;
      if (++position[axis]! < shape[axis]!) break;
      rowStart -= shape[axis]! * strides[axis]!;
      position[axis] = 0;
    }
  }
  return values;
}
