/**
 * The weights of SAEs as their owners lay them out, brought into coact's order.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { shapeText } from "../../tensors/stored_tensor.ts";
import { type TensorFile, tensorNamed } from "../../tensors/tensor_file.ts";

/** Rows that are transposed at a time, so that both sides stay in the caches. */
const BLOCK = 32;

/**
 * Makes sure that a tensor has a shape.
 *
 * @throws {InputError} If it is missing, or has another one.
 */
export function expectShape(file: TensorFile, name: string, expected: readonly number[]): void {
  const { shape } = tensorNamed(file, name);
  if (shapeText(shape) === shapeText(expected)) return;
  throw new InputError(
    `${file.path}: tensor ${name} has shape ${shapeText(shape)}, expected ${shapeText(expected)}`,
  );
}

/**
 * The two sizes of a matrix.
 *
 * @throws {InputError} If it is missing, empty or no matrix.
 */
export function sizesOf(file: TensorFile, name: string): readonly [number, number] {
  const { shape } = tensorNamed(file, name);
  const [rows = 0, columns = 0] = shape;
  if (shape.length === 2 && rows > 0 && columns > 0) return [rows, columns];
  throw new InputError(
    `${file.path}: tensor ${name} has shape ${shapeText(shape)}, expected a matrix`,
  );
}

/** What safetensors calls the types that a quantised tensor may have. */
const STORED_TYPES: Readonly<Record<string, string>> = {
  int8: "I8",
  uint8: "U8",
  int16: "I16",
  int32: "I32",
  int64: "I64",
  bool: "BOOL",
};

/**
 * Makes sure that tensors hold floating-point numbers, before any is read.
 *
 * @throws {InputError} If one is missing, or holds others, as a quantised one does.
 */
export function checkNumberTypes(file: TensorFile, names: readonly string[]): void {
  for (const name of names) {
    const { dataType } = tensorNamed(file, name);
    const stored = STORED_TYPES[dataType];
    if (stored === undefined) continue;
    throw new InputError(
      `${file.path}: tensor ${name} is ${dataType} (${stored}), expected floating-point numbers: ` +
        "coact does not undo a quantisation; take the weights as they were before it",
    );
  }
}

/** A matrix `[rows, columns]`, rows first, turned round. */
export function transposedMatrix(
  values: Float32Array,
  [rows, columns]: readonly [number, number],
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  for (let start = 0; start < rows; start += BLOCK) {
    const end = Math.min(rows, start + BLOCK);
    for (let column = 0; column < columns; column++) {
      for (let row = start; row < end; row++) {
        result[column * rows + row] = values[row * columns + column]!;
      }
    }
  }
  return result;
}

/** The lengths of the rows of a matrix, in float64. */
export function rowLengths(values: Float32Array, width: number): Float64Array {
  const lengths = new Float64Array(values.length / width);
  for (let row = 0; row < lengths.length; row++) {
    let squares = 0;
    for (let i = 0; i < width; i++) squares += values[row * width + i]! ** 2;
    lengths[row] = Math.sqrt(squares);
  }
  return lengths;
}

/** Multiplies each row of a matrix, in place. */
export function scaleRows(values: Float32Array, factors: ArrayLike<number>): void {
  const width = values.length / factors.length;
  for (let i = 0; i < values.length; i++) {
    values[i] = values[i]! * factors[Math.floor(i / width)]!;
  }
}

/** How many numbers of a matrix are read at a time where only sums of them are kept. */
const NUMBERS_AT_ONCE = 1 << 22;

/**
 * Reads a matrix with a row for each feature.
 *
 * @param isTransposed Whether it lies as `[width, featureCount]`; it is then turned round.
 * @throws {InputError} If it is missing, damaged or not finite.
 */
export async function readFeatureRows(
  file: TensorFile,
  name: string,
  isTransposed: boolean,
): Promise<Float32Array<ArrayBuffer>> {
  const values = await file.read(name);
  return isTransposed ? transposedMatrix(values, sizesOf(file, name)) : values;
}

/**
 * The lengths of the columns of a matrix, in float64; not all of it is in memory at a time.
 *
 * @throws {InputError} If it is missing, damaged or not finite.
 */
export async function columnLengths(file: TensorFile, name: string): Promise<Float64Array> {
  const [rows, columns] = sizesOf(file, name);
  await file.verify([name]); // once, and not again for each of its parts
  const squares = new Float64Array(columns);
  const step = Math.max(1, Math.floor(NUMBERS_AT_ONCE / columns));
  for (let start = 0; start < rows; start += step) {
    const values = await file.read(name, { start, end: Math.min(rows, start + step) });
    for (let i = 0; i < values.length; i++) squares[i % columns]! += values[i]! ** 2;
  }
  return squares.map(Math.sqrt);
}
