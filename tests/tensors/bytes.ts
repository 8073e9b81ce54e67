/** Bytes written by hand: little-endian numbers, and text in which each character is one byte. */

// Numbers are plain arrays: a typed one takes microseconds to make, and a test makes half a million.

/** Joins bytes. */
export function concatenate(...parts: ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, { length: more }) => length + more, 0));
  let end = 0;
  for (const part of parts) {
    joined.set(part, end);
    end += part.length;
  }
  return joined;
}

/** The bytes of a text whose characters are all below U+0100. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A 16-bit number. */
export function u16(value: number): number[] {
  return [value & 0xff, value >>> 8 & 0xff];
}

/** A 32-bit number. */
export function u32(value: number): number[] {
  return [value & 0xff, value >>> 8 & 0xff, value >>> 16 & 0xff, value >>> 24];
}

/** A 64-bit number. */
export function u64(value: number | bigint): number[] {
  const whole = BigInt.asUintN(64, BigInt(value));
  return [...u32(Number(whole & 0xffffffffn)), ...u32(Number(whole >> 32n))];
}

/** Numbers as float32. */
export function f32(...values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(values).buffer);
}
