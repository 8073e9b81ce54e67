/**
 * Arrays as `.npy` files, which NumPy reads.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dump } from "npyjs";
import { InputError } from "../base/errors.ts";
import { type ByteSource, FileSource } from "../files/byte_source.ts";
import { elementCount, shapeText } from "../tensors/stored_tensor.ts";

/** The element types that result files have, by NumPy's names. */
export interface ArrayTypes {
  /** Float32. */
  f4: Float32Array<ArrayBuffer>;
  /** Float64. */
  f8: Float64Array<ArrayBuffer>;
  /** Int32. */
  i4: Int32Array<ArrayBuffer>;
}

/** An array as the bytes of a `.npy` file. */
export function npyBytes(
  data: ArrayTypes[keyof ArrayTypes],
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(dump(data, [...shape]));
}

/** An array without elements. */
export function emptyArray(type: keyof ArrayTypes): ArrayTypes[keyof ArrayTypes] {
  return new ELEMENTS[type](0);
}

/** What an array must have besides its type and shape. */
export interface NpyReading {
  /** The SHA-256 that the file must have. Default: any. */
  readonly sha256?: string | undefined;
  /** Whether NaN may stand where there is no value. Default: no. */
  readonly mayLack?: boolean | undefined;
}

/**
 * Reads an array.
 *
 * @param type The element type that it must have.
 * @param shape The shape that it must have.
 * @param options What it must have besides.
 * @throws {InputError} If it is missing, damaged, of another type or shape, not the one of the hash,
 * or holds NaN or infinity. What the header says is held against the length of the file before the
 * rest is read.
 */
export async function readNpy<T extends keyof ArrayTypes>(
  path: string,
  type: T,
  shape: readonly number[],
  options: NpyReading = {},
): Promise<ArrayTypes[T]> {
  using source = await FileSource.open(path);
  return await parseNpy(source, type, shape, options);
}

/**
 * Reads an array from wherever its bytes are.
 *
 * @throws {InputError} As {@linkcode readNpy} does.
 */
export async function parseNpy<T extends keyof ArrayTypes>(
  source: ByteSource,
  type: T,
  shape: readonly number[],
  options: NpyReading = {},
): Promise<ArrayTypes[T]> {
  const { sha256, mayLack = false } = options;
  const path = source.name;
  const header = await readHeader(source);
  if (header.descr !== `<${type}` || header.fortranOrder) {
    throw new InputError(
      `${path} holds ${header.descr} elements in ${header.fortranOrder ? "Fortran" : "C"} order, ` +
        `expected <${type} in C order`,
    );
  }
  if (shapeText(header.shape) !== shapeText(shape)) {
    throw new InputError(
      `${path} has shape ${shapeText(header.shape)}, expected ${shapeText(shape)}`,
    );
  }
  checkLength(source, header.dataStart, elementCount(shape) * ELEMENTS[type].BYTES_PER_ELEMENT);
  if (source.byteLength > MAX_BYTES) {
    throw new InputError(`${path} has ${source.byteLength} bytes, expected at most ${MAX_BYTES}`);
  }
  const elements = await source.read(header.dataStart, source.byteLength);
  if (sha256 !== undefined) checkHash(path, [...header.bytes, elements], sha256);
  const { buffer } = elements;
  const data = new ELEMENTS[type](buffer) as ArrayTypes[T];
  const wrong = findWrong(data, mayLack);
  if (wrong !== -1) throw new InputError(`${path} holds ${data[wrong]} at position ${wrong}`);
  return data;
}

/** The first value that is not finite, nor NaN where that may stand; -1 if there is none. */
function findWrong(data: ArrayTypes[keyof ArrayTypes], mayLack: boolean): number {
  if (data instanceof Int32Array || (mayLack ? areBounded(data) : areFinite(data))) return -1;
  return data.findIndex((value) => !(Number.isFinite(value) || mayLack && Number.isNaN(value)));
}

/** Whether all values are finite: each less itself is 0 then. It is said of millions. */
function areFinite(data: Float32Array | Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! - data[i]!;
  return sum === 0;
}

/** Whether all values are finite or NaN. */
function areBounded(data: Float32Array | Float64Array): boolean {
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value > Number.MAX_VALUE || value < -Number.MAX_VALUE) return false;
  }
  return true;
}

/** The longest file that is read, in bytes: 500 relations of 130,000 features in float64. */
const MAX_BYTES = 2 ** 29;
const ELEMENTS = { f4: Float32Array, f8: Float64Array, i4: Int32Array } as const;

/** The first bytes of a file: `\x93NUMPY`. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** The longest header that is read, in bytes: that of a matrix has some hundred. */
const MAX_HEADER_BYTES = 2 ** 16;
/** A header as NumPy and npyjs write it: a Python dict of just these entries, in this order. */
const HEADER = new RegExp(
  String.raw`^\{'descr': ?'([^']{1,100})', ?'fortran_order': ?(True|False), ?` +
    String.raw`'shape': ?\(((?:(?:0|[1-9]\d{0,15})(?:, ?|(?=\)))){0,64})\)(?:, ?)?\} *\n$`,
);

interface NpyHeader {
  descr: string;
  fortranOrder: boolean;
  shape: number[];
  /** Where the elements begin, in bytes. */
  dataStart: number;
  /** All bytes before that, in parts: what was parsed is what is hashed. */
  bytes: Uint8Array[];
}

/**
 * Reads the header. npyjs's own reader takes what it does not find for its default, and needs the
 * whole file in memory first.
 */
async function readHeader(source: ByteSource): Promise<NpyHeader> {
  const start = await source.read(0, Math.min(12, source.byteLength));
  if (!MAGIC.every((byte, i) => start[i] === byte)) throw unusable(source, "it is no .npy file");
  if (start.length < 12) throw unusable(source, "it is truncated");
  const view = new DataView(start.buffer);
  const version = view.getUint8(6);
  if (version < 1 || version > 3 || view.getUint8(7) !== 0) {
    throw unusable(source, `its version ${version}.${view.getUint8(7)} is unknown`);
  }
  const [textStart, length] = version === 1
    ? [10, view.getUint16(8, true)]
    : [12, view.getUint32(8, true)];
  if (length > MAX_HEADER_BYTES) throw unusable(source, `its header has ${length} bytes`);
  const dataStart = textStart + length;
  if (dataStart > source.byteLength) throw unusable(source, "it is truncated");
  const textBytes = await source.read(textStart, dataStart);
  const text = new TextDecoder("latin1").decode(textBytes);
  const [, descr, order, sizes] = HEADER.exec(text) ?? [];
  if (descr === undefined || sizes === undefined) {
    throw unusable(source, "its header is not what NumPy writes");
  }
  const shape = sizes.split(",").map((size) => size.trim()).filter(Boolean).map(Number);
  const bytes = [start.subarray(0, textStart), textBytes];
  return { descr, fortranOrder: order === "True", shape, dataStart, bytes };
}

function checkHash(path: string, parts: readonly Uint8Array[], sha256: string): void {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  if (hash.digest("hex") === sha256) return;
  throw new InputError(`${path} is not as it was written: its SHA-256 is another`);
}

function checkLength(source: ByteSource, dataStart: number, needed: number): void {
  const found = source.byteLength - dataStart;
  if (found === needed) return;
  const what = found < needed ? "is truncated: it has" : "is too long: it has";
  throw new InputError(`${source.name} ${what} ${found} bytes of elements, expected ${needed}`);
}

function unusable(source: ByteSource, why: string): InputError {
  return new InputError(`${source.name} is no usable .npy file: ${why}`);
}
