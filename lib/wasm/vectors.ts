/**
 * The instructions of WebAssembly that the kernels of this project need of vectors of 16 bytes, as expressions.
 *
 * @module
 */
import { type Code, unsigned } from "./assembler.ts";
import { type Binary, binary, float, whole } from "./instructions.ts";

/** An instruction of vectors. */
const simd = (opcode: number) => [0xfd, ...unsigned(opcode)];
const vectors = (opcode: number) => binary(...simd(opcode));

/** Four whole numbers of 32 bits; `equal` and `less` give −1 where they hold; they are shifted by one number of bits. */
export const i32x4: Readonly<
  Record<"equal" | "less" | "add" | "sub" | "min" | "max" | "shl" | "shr" | "shrBits", Binary>
> = {
  equal: vectors(0x37),
  less: vectors(0x39),
  add: vectors(0xae),
  sub: vectors(0xb1),
  min: vectors(0xb6),
  max: vectors(0xb8),
  shl: vectors(0xab),
  shr: vectors(0xac),
  shrBits: vectors(0xad),
};

/** Eight whole numbers of 16 bits; `equal` gives −1 where it holds. */
export const i16x8: Readonly<Record<"equal" | "add" | "sub" | "mul", Binary>> = {
  equal: vectors(0x2d),
  add: vectors(0x8e),
  sub: vectors(0x91),
  mul: vectors(0x95),
};

/** Sixteen whole numbers of 8 bits. */
export const i8x16: Readonly<Record<"sub", Binary>> = { sub: vectors(0x71) };

/** The lower four of eight whole numbers of 16 bits without a sign, as numbers of 32 bits. */
export function lowerHalf(wholes: Code): Code {
  return [...wholes, ...simd(0xa9)];
}

/** The upper four of them. */
export function upperHalf(wholes: Code): Code {
  return [...wholes, ...simd(0xaa)];
}

/** The products of two times eight whole numbers of 16 bits, of which neighbours are added: four of 32 bits. */
export const dotted: Binary = vectors(0xba);

/** Some of the 32 bytes of two vectors: so many of the first one are before those of the other. */
export function bytesOf(one: Code, other: Code, bytes: readonly number[]): Code {
  return [...one, ...other, ...simd(0x0d), ...bytes];
}

/** Two floats of 64 bits; `over` gives all bits of a lane where the first one is larger. */
export const f64x2: Readonly<Record<"add" | "sub" | "mul" | "div" | "over", Binary>> = {
  over: vectors(0x4a),
  add: vectors(0xf0),
  sub: vectors(0xf1),
  mul: vectors(0xf2),
  div: vectors(0xf3),
};

/** Four floats of 32 bits. */
export const f32x4: Readonly<Record<"sub" | "mul", Binary>> = {
  sub: vectors(0xe5),
  mul: vectors(0xe6),
};

/** Four floats of 32 bits as whole numbers, without what is behind the point; NaN is 0. */
export function wholesOf(floats32: Code): Code {
  return [...floats32, ...simd(0xf8)];
}

/** The bits that two vectors share. */
export const shared: Binary = vectors(0x4e);

/** The bits that one of two vectors has, and the other has not. */
export const unlike: Binary = vectors(0x51);

/** Two vectors of whole numbers as one of numbers half as long: those of the first one are before the others. */
export const narrowed: Readonly<Record<"toShorts" | "toBytes", Binary>> = {
  toShorts: vectors(0x85),
  toBytes: vectors(0x65),
};

/** The signs of sixteen whole numbers of 8 bits, that of the first one lowest. */
export function bitsOfBytes(bytes: Code): Code {
  return [...bytes, ...simd(0x64)];
}

/** Whether any bit of a vector is 1. */
export function isAny(vector: Code): Code {
  return [...vector, ...simd(0x53)];
}

/** Whether none of four whole numbers is 0. */
export function areAll(wholes: Code): Code {
  return [...wholes, ...simd(0xa3)];
}

/** The bits that either of two vectors has. */
export const either: Binary = vectors(0x50);

/** All bits of the lower half of a vector. */
export const LOWER_HALF: Code = [...simd(0x0c), ...Array(8).fill(0xff), ...Array(8).fill(0)];

/** The bits of one vector where a mask has 1, else of another. */
export function chosen(one: Code, other: Code, mask: Code): Code {
  return [...one, ...other, ...mask, ...simd(0x52)];
}

/** Four whole numbers of 32 bits. */
export function fourWholes(values: readonly number[]): Code {
  return [...simd(0x0c), ...new Uint8Array(Int32Array.from(values).buffer)];
}

/** A whole number of 32 bits in all four lanes. */
export function wholes(value: Code): Code {
  return [...value, ...simd(0x11)];
}

/** A whole number of 16 bits in all eight lanes. */
export function shorts(value: number): Code {
  return eightShorts(whole(value));
}

/** A whole number of 16 bits that is known later, in all eight lanes. */
export function eightShorts(value: Code): Code {
  return [...value, ...simd(0x10)];
}

/** A float of 32 bits that is known later, in all four lanes. */
export function fourFloats(value: Code): Code {
  return [...value, ...simd(0x13)];
}

/** A float of 64 bits, in both lanes. */
export function floats(value: number): Code {
  return both(float(value));
}

/** A float of 64 bits that is known later, in both lanes. */
export function both(value: Code): Code {
  return [...value, ...simd(0x14)];
}

/** The two lower ones of four whole numbers, as floats. */
export function floatsOf(wholes: Code): Code {
  return [...wholes, ...simd(0xfe)];
}

/** The two upper ones of four whole numbers, as floats. */
export function upperFloatsOf(wholes: Code): Code {
  const upper = Array.from({ length: 16 }, (_, i) => 8 + i % 8);
  return floatsOf(bytesOf(wholes, wholes, upper));
}

/** Reads a whole number of 32 bits into all four lanes; `offset` is added to the address. */
export function loadWholes(address: Code, offset: number): Code {
  return loadFloat32(address, offset);
}

/** Reads a float of 32 bits into all four lanes; `offset` is added to the address. */
export function loadFloat32(address: Code, offset: number): Code {
  return [...address, ...simd(0x09), 2, ...unsigned(offset)];
}

/** The two lower ones of four floats of 32 bits, as floats of 64 bits. */
export function widened(floats32: Code): Code {
  return [...floats32, ...simd(0x5f)];
}

/** One of four whole numbers. */
export function laneWhole(vector: Code, index: 0 | 1 | 2 | 3): Code {
  return [...vector, ...simd(0x1b), index];
}

/** One of two floats. */
export function lane(vector: Code, index: 0 | 1): Code {
  return [...vector, ...simd(0x21), index];
}

/** Reads 16 bytes. */
export function load(address: Code, offset: number): Code {
  return [...address, ...simd(0x00), 3, ...unsigned(offset)];
}

/** Reads a float of 64 bits into both lanes. */
export function loadBoth(address: Code, offset: number): Code {
  return [...address, ...simd(0x0a), 3, ...unsigned(offset)];
}

/** Reads 8 bytes into the lower half of a vector; the upper half is 0. */
export function loadLow(address: Code, offset: number): Code {
  return [...address, ...simd(0x5d), 2, ...unsigned(offset)];
}

/** Reads 8 bytes into the upper half of a vector whose lower half is there. */
export function loadHigh(address: Code, vector: Code, offset: number): Code {
  return [...address, ...vector, ...simd(0x57), 2, ...unsigned(offset), 1];
}

/** Reads a whole number of 32 bits into the first of four; the others are 0. */
export function loadFirst(address: Code, offset: number): Code {
  return [...address, ...simd(0x5c), 2, ...unsigned(offset)];
}

/** Reads one into the second of four, of which the others are there. */
export function loadSecond(address: Code, vector: Code, offset: number): Code {
  return [...address, ...vector, ...simd(0x56), 2, ...unsigned(offset), 1];
}

/** Writes 16 bytes. */
export function store(address: Code, vector: Code, offset: number): Code {
  return [...address, ...vector, ...simd(0x0b), 3, ...unsigned(offset)];
}

/** Writes the lower 8 bytes of a vector. */
export function storeLow(address: Code, vector: Code, offset: number): Code {
  return [...address, ...vector, ...simd(0x5b), 2, ...unsigned(offset), 0];
}
