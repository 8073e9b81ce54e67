/**
 * The instructions of WebAssembly that the kernels of this project need, as expressions.
 *
 * @module
 */
import { type Code, joined, unsigned } from "./assembler.ts";

/** Repeats instructions while a value is not 0. */
export function whileTrue(condition: Code, body: readonly Code[]): Code {
  const [block, loop, end, isZero] = [[0x02, 0x40], [0x03, 0x40], 0x0b, 0x45];
  const [leave, again] = [[0x0d, 1], [0x0c, 0]];
  return joined(block, loop, condition, [isZero], leave, body.flat(), again, [end, end]);
}

/** Some instructions if a value is not 0, else others. */
export function ifTrue(
  condition: Code,
  body: readonly Code[],
  otherwise: readonly Code[] = [],
): Code {
  return joined(condition, [0x04, 0x40], body.flat(), [0x05], otherwise.flat(), [0x0b]);
}

function signed(value: number): number[] {
  const bytes = [];
  for (; value < -64 || value > 63; value >>= 7) bytes.push(value & 0x7f | 0x80);
  return [...bytes, value & 0x7f];
}

/** An instruction that takes two values. */
export type Binary = (a: Code, b: Code) => Code;
const binary = (...opcode: number[]): Binary => (a, b) => joined(a, b, opcode);
const simd = (opcode: number) => [0xfd, ...unsigned(opcode)];
const vectors = (opcode: number) => binary(...simd(opcode));

/** Whole numbers of 32 bits; `below` and `shrBits` take them for numbers without a sign. */
export const i32: Readonly<
  Record<
    | "equal"
    | "less"
    | "below"
    | "add"
    | "sub"
    | "mul"
    | "and"
    | "or"
    | "xor"
    | "shl"
    | "shr"
    | "shrBits",
    Binary
  >
> = {
  equal: binary(0x46),
  less: binary(0x48),
  below: binary(0x49),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shr: binary(0x75),
  shrBits: binary(0x76),
};

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

/** Floats of 64 bits. */
export const f64: Readonly<Record<"add" | "sub" | "mul" | "div" | "max", Binary>> = {
  add: binary(0xa0),
  sub: binary(0xa1),
  mul: binary(0xa2),
  div: binary(0xa3),
  max: binary(0xa5),
};

/** Whether the first of two floats of 64 bits is larger, 1 or 0. */
export const overFloat: Binary = binary(0x64);

/** A float of 64 bits. */
export function float(value: number): Code {
  return [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
}

/** Reads a float of 64 bits. */
export function loadFloat(address: Code, offset: number): Code {
  return [...address, 0x2b, 3, ...unsigned(offset)];
}

/** Writes a float of 64 bits. */
export function storeFloat(address: Code, value: Code, offset: number): Code {
  return [...address, ...value, 0x39, 3, ...unsigned(offset)];
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

/** The place of the lowest bit of a whole number that is 1. */
export function firstBit(value: Code): Code {
  return [...value, 0x68];
}

/** A whole number of 32 bits. */
export function whole(value: number): Code {
  return [0x41, ...signed(value)];
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

/** Reads a whole number from an address; here and below, `offset` is added to it. */
export function loadWhole(address: Code, offset: number): Code {
  return [...address, 0x28, 2, ...unsigned(offset)];
}

/** Writes a whole number. */
export function storeWhole(address: Code, value: Code, offset: number): Code {
  return [...address, ...value, 0x36, 2, ...unsigned(offset)];
}

/** Writes the lower 8 bits of a whole number. */
export function storeByte(address: Code, value: Code, offset: number): Code {
  return [...address, ...value, 0x3a, 0, ...unsigned(offset)];
}

/** Reads a whole number of 16 bits, which has no sign. */
export function loadShort(address: Code, offset: number): Code {
  return [...address, 0x2f, 1, ...unsigned(offset)];
}

/** Writes the lower 16 bits of a whole number. */
export function storeShort(address: Code, value: Code, offset: number): Code {
  return [...address, ...value, 0x3b, 1, ...unsigned(offset)];
}

/** Adds a whole number to a float of 64 bits in memory. */
export function addToFloat(address: Code, value: Code, offset: number): Code {
  const at = [3, ...unsigned(offset)];
  return [...address, ...address, 0x2b, ...at, ...value, 0xb7, 0xa0, 0x39, ...at];
}

/** Reads a float of 32 bits, and writes it as one of 64 to another address. */
export function widen(from: Code, fromOffset: number, to: Code, toOffset: number): Code {
  const read = [...from, 0x2a, 2, ...unsigned(fromOffset), 0xbb];
  return [...to, ...read, 0x39, 3, ...unsigned(toOffset)];
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
