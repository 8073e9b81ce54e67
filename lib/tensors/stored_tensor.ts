/**
 * What every weight file boils down to: named tensors, each a type, a shape and a byte range.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";

/** Element types of stored tensors that coact may meet. */
export type DataType =
  | "float64"
  | "float32"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "bool";

/** Bytes an element takes. */
export const BYTES_PER_ELEMENT: Readonly<Record<DataType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** A tensor in a file: little-endian, dense, rows first. */
export interface StoredTensor {
  /** Its name in the file. */
  readonly name: string;
  /** The type of its elements. */
  readonly dataType: DataType;
  /** Its shape. */
  readonly shape: readonly number[];
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number;
  /** Its length, in bytes. */
  readonly byteLength: number;
}

/** Whether a type is of floating-point numbers. */
export function isFloating(dataType: DataType): boolean {
  return dataType.includes("float");
}

/** How many elements a shape holds. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape as text: `[768, 2304]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The elements of a tensor as float32, or undefined for a type that is not floating-point.
 *
 * @param bytes The tensor's bytes, little-endian.
 */
export function toFloat32(
  bytes: Uint8Array<ArrayBuffer>,
  dataType: DataType,
): Float32Array<ArrayBuffer> | undefined {
  // A view needs an aligned start; a slice always has one.
  const { buffer } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const start = bytes.byteOffset % 8 === 0 ? bytes.byteOffset : 0;
  const length = bytes.length / BYTES_PER_ELEMENT[dataType];
  switch (dataType) {
    case "float32":
      return new Float32Array(buffer, start, length);
    case "float64":
      return Float32Array.from(new Float64Array(buffer, start, length));
    case "float16":
      return new Float32Array(new Float16Array(buffer, start, length));
    case "bfloat16": {
      // bfloat16 is the upper half of a float32.
      const narrow = new Uint16Array(buffer, start, length);
      const wide = new Uint32Array(length);
      for (let i = 0; i < length; i++) wide[i] = narrow[i]! << 16;
      return new Float32Array(wide.buffer);
    }
    default:
      return undefined;
  }
}

/**
 * The elements of a tensor of any type, in float64.
 *
 * @param bytes The tensor's bytes, little-endian.
 */
export function toNumbers(bytes: Uint8Array<ArrayBuffer>, dataType: DataType): Float64Array {
  const { buffer } = bytes.slice(); // aligned
  switch (dataType) {
    case "float64":
      return new Float64Array(buffer);
    case "int64":
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case "int32":
      return Float64Array.from(new Int32Array(buffer));
    case "int16":
      return Float64Array.from(new Int16Array(buffer));
    case "int8":
      return Float64Array.from(new Int8Array(buffer));
    case "uint8":
    case "bool":
      return Float64Array.from(new Uint8Array(buffer));
    default:
      return Float64Array.from(toFloat32(new Uint8Array(buffer), dataType)!);
  }
}

/** Whether no value is NaN or infinite. */
export function areFinite(values: Float32Array): boolean {
  // The sum is finite if and only if every value is: far faster than a test for each. Values near
  // the limit of float32 cannot overflow it, for JavaScript adds in float64.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return Number.isFinite(sum);
}

/** That a value is NaN or infinite, and which. */
export class NotFiniteError extends InputError {
  /** Its position among the values that were read. */
  readonly position: number;
  /** What it is. */
  readonly value: number;

  /**
   * Makes one.
   *
   * @param what What the values are.
   */
  constructor(what: string, value: number, position: number) {
    super(`${what} holds ${value} at position ${position}, expected finite numbers`);
    this.value = value;
    this.position = position;
  }
}

/**
 * Makes sure that no value is NaN or infinite.
 *
 * @param what What the values are, for the message.
 * @throws {NotFiniteError} Naming the first offender and its position.
 */
export function checkFinite(values: Float32Array, what: string): void {
  if (areFinite(values)) return;
  const at = values.findIndex((value) => !Number.isFinite(value));
  throw new NotFiniteError(what, values[at]!, at);
}
