/**
 * Reads the header of a `.npy` file, which is a Python dict of three items.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @module
 */
import type { DataType } from "./stored_tensor.ts";

/** How the elements of an array lie in its file. */
export interface NpyHeader {
  /** Their type; undefined of one that coact does not read. */
  readonly dataType: DataType | undefined;
  /** Their type as NumPy writes it: `<f4`. */
  readonly description: string;
  /** Whether the bytes of an element lie the other way round. */
  readonly isBigEndian: boolean;
  /** The shape. */
  readonly shape: readonly number[];
  /** The distance between neighbours along each axis, in elements. */
  readonly strides: readonly number[];
  /** Where the elements begin, in bytes. */
  readonly dataStart: number;
}

/** How many bytes a header is looked for in: NumPy itself refuses longer ones. */
export const MOST_HEADER_BYTES: number = 10_000 + 12;

/** How a file begins: `\x93NUMPY`. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** The most axes an array can have, as in NumPy. */
const MAX_AXES = 64;

const DATA_TYPES: Readonly<Record<string, DataType>> = {
  f8: "float64",
  f4: "float32",
  f2: "float16",
  i8: "int64",
  i4: "int32",
  i2: "int16",
  i1: "int8",
  u1: "uint8",
  b1: "bool",
};

/**
 * Reads a header.
 *
 * @param bytes The beginning of the file, up to {@linkcode MOST_HEADER_BYTES} of it.
 * @throws {SyntaxError} If it is none.
 */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || !MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw new SyntaxError("it is no array of NumPy's");
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) {
    throw new SyntaxError(`it is of version ${version} of the format`);
  }
  const textStart = version === 1 ? 10 : 12;
  const dataStart = textStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataStart > bytes.length) throw new SyntaxError("its header is cut off or too long");
  const text = new TextDecoder().decode(bytes.subarray(textStart, dataStart)).trim();
  const { descr, fortran_order, shape } = parseDict(text);
  const sizes = shape.split(",").map((size) => size.trim()).filter((size) => size !== "")
    .map(Number);
  if (sizes.length > MAX_AXES || !sizes.every(Number.isSafeInteger)) {
    throw new SyntaxError("its shape is malformed");
  }
  const [, order, kind = ""] = /^([<>|=])([a-z]\d)$/.exec(descr) ?? [];
  return {
    dataType: Object.hasOwn(DATA_TYPES, kind) ? DATA_TYPES[kind] : undefined,
    description: descr,
    isBigEndian: order === ">",
    shape: sizes,
    strides: stridesOf(sizes, fortran_order === "True"),
    dataStart,
  };
}

/** The items of the dict, as they are written, but for their quotes and parentheses. */
function parseDict(text: string): Record<"descr" | "fortran_order" | "shape", string> {
  const items: Record<string, string> = {};
  let rest = text;
  const take = (pattern: RegExp): string[] | undefined => {
    const match = pattern.exec(rest);
    if (match !== null) rest = rest.slice(match[0].length);
    return match === null ? undefined : [...match];
  };
  if (!take(/^\{\s*/)) throw malformed();
  while (!take(/^\}$/)) {
    const [, , name = ""] = take(/^(['"])(descr|fortran_order|shape)\1\s*:\s*/) ?? [];
    if (name === "" || name in items) throw malformed();
    const value = name === "descr"
      // A list of fields, or an object, is no number, whatever is in it.
      ? take(/^'([^']*)'/)?.[1] ?? take(/^(\[.*?\])(?=\s*,\s*'(?:fortran_order|shape)')/s)?.[1]
      : name === "shape"
      ? take(/^\(((?:\s*\d{1,15}L?\s*,?)*)\)/)?.[1]?.replaceAll("L", "")
      : take(/^(True|False)/)?.[1];
    if (value === undefined) throw malformed();
    items[name] = value;
    take(/^\s*,?\s*/);
  }
  const { descr, fortran_order, shape } = items;
  if (descr === undefined || fortran_order === undefined || shape === undefined) throw malformed();
  return { descr, fortran_order, shape };
}

function stridesOf(shape: readonly number[], isFortran: boolean): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = 0; i < shape.length; i++) {
    const axis = isFortran ? i : shape.length - 1 - i;
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

function malformed(): SyntaxError {
  return new SyntaxError("its header is malformed");
}
