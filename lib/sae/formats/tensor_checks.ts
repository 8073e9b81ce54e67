/**
 * What tensors of a file have to be: of a shape, and of floating-point numbers.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { shapeText } from "../../tensors/stored_tensor.ts";
import { type TensorFile, tensorNamed } from "../../tensors/tensor_file.ts";

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
