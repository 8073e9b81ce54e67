/** Bytes written by hand: little-endian numbers, and text in which each character is one byte. */
import { Buffer } from "node:buffer";

/** Joins bytes. */
export function concatenate(...parts: Iterable<number>[]): Uint8Array<ArrayBuffer> {
  const arrays = parts.map((part) => part instanceof Uint8Array ? part : Uint8Array.from(part));
  const joined = new Uint8Array(arrays.reduce((length, { length: more }) => length + more, 0));
  let end = 0;
  for (const array of arrays) {
    joined.set(array, end);
    end += array.length;
  }
  return joined;
}

/** The bytes of a text whose characters are all below U+0100. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** A 16-bit number. */
export function u16(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.of(value).buffer);
}

/** A 32-bit number. */
export function u32(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** A 64-bit number. */
export function u64(value: number | bigint): Uint8Array<ArrayBuffer> {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

/** Numbers as float32. */
export function f32(...values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(values).buffer);
}
