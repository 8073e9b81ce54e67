/**
 * The instructions of WebAssembly that the kernels of this project need, as expressions: of single numbers, and what
 * goes from one instruction to the next. Those of vectors are in `vectors.ts`.
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

/** The instruction with so many bytes. */
export function binary(...opcode: number[]): Binary {
  return (a, b) => joined(a, b, opcode);
}

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

/** The place of the lowest bit of a whole number that is 1. */
export function firstBit(value: Code): Code {
  return [...value, 0x68];
}

/** A whole number of 32 bits. */
export function whole(value: number): Code {
  return [0x41, ...signed(value)];
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
