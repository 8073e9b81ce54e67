/**
 * Some rows of a tensor, of which the others are not read.
 *
 * @module
 */
import { elementCount } from "./stored_tensor.ts";
import { type TensorFile, tensorNamed } from "./tensor_file.ts";

/** Rows that lie closer together than this are read at once. */
const GAP = 16;

/**
 * Reads rows of a floating-point tensor as float32, one after the other.
 *
 * @param rows Which entries of the first axis, in ascending order.
 * @throws {InputError} If there is no such tensor or row, the tensor is damaged or no floating-point
 * tensor, or one of the numbers is not finite.
 */
export async function readRows(
  file: TensorFile,
  name: string,
  rows: readonly number[],
): Promise<Float32Array<ArrayBuffer>> {
  const width = elementCount(tensorNamed(file, name).shape.slice(1));
  const values = new Float32Array(rows.length * width);
  const isScattered = file.place(name) === undefined; // then all of it is read anyway
  for (let first = 0; first < rows.length;) {
    let end = first + 1;
    while (end < rows.length && (isScattered || rows[end]! - rows[end - 1]! < GAP)) end++;
    const start = rows[first]!;
    const run = await file.read(name, { start, end: rows[end - 1]! + 1 });
    for (let i = first; i < end; i++) {
      const at = (rows[i]! - start) * width;
      values.set(run.subarray(at, at + width), i * width);
    }
    first = end;
  }
  return values;
}
