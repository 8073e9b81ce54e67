/**
 * Reads the primitive values of a pickle, one after another.
 *
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { OpaqueValue } from "./pickle_values.ts";

/** The longest integer that is made a number, in bytes. A longer one is opaque. */
const MAX_INTEGER_BYTES = 1024;
/** The longest integer that is made a number, in decimal digits. */
const MAX_INTEGER_DIGITS = 400;

/** A position in the bytes of a pickle. Every method throws a `SyntaxError` where they end. */
export class PickleReader {
  #bytes: Uint8Array;
  #view: DataView;
  #position = 0;

  /**
   * Begins at the first byte.
   *
   * @param bytes The pickle.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Leaves so many bytes out. */
  skip(length: number): void {
    this.#advance(length);
  }

  /** One byte. */
  byte(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  /** A little-endian number of 2 bytes, unsigned. */
  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  /** A little-endian number of 4 bytes, signed. */
  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** A little-endian number of 4 bytes, unsigned. */
  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A little-endian number of 8 bytes, unsigned, rounded to float64: used for lengths only. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** A big-endian float64: the one value that is not little-endian. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A little-endian integer in two's complement, of any length. */
  integer(length: number): number | bigint | OpaqueValue {
    const bytes = this.take(length);
    if (length > MAX_INTEGER_BYTES) return new OpaqueValue("int");
    const value = BigInt(`0x0${bytes.toReversed().toHex()}`);
    return exact(BigInt.asIntN(length * 8, value));
  }

  /** So many bytes, as a view. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** So many bytes of UTF-8. */
  text(length: number): string {
    return decode(this.take(length));
  }

  /** So many bytes of a text of Python 2: UTF-8, or bytes that are no text. */
  textOrBytes(length: number): string | Uint8Array {
    return decodeIfText(this.take(length));
  }

  /** A line in quotation marks with Python's escapes, which is a text of Python 2. */
  quotedLine(): string | Uint8Array {
    const text = Buffer.from(this.#lineBytes()).toString("latin1").trim();
    const quote = text[0];
    if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) {
      throw new SyntaxError("a text is malformed");
    }
    return decodeIfText(unescaped(text.slice(1, -1)));
  }

  /** A line of UTF-8. */
  line(): string {
    return decode(this.#lineBytes());
  }

  /** A line in Python's raw-unicode-escape: Latin-1, and `\u` or `\U` with digits for all else. */
  escapedLine(): string {
    const text = Buffer.from(this.#lineBytes()).toString("latin1");
    return text.replaceAll(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/g, (_, short, long) => {
      const code = parseInt(short ?? long, 16);
      if (code > 0x10ffff) throw new SyntaxError("a text is malformed");
      return String.fromCodePoint(code);
    });
  }

  /** A line with an integer, perhaps with Python 2's `L`; `00` and `01` are booleans. */
  decimal(): boolean | number | bigint | OpaqueValue {
    const text = this.line().replace(/L$/, "").trim();
    if (text === "00" || text === "01") return text === "01";
    if (!/^[+-]?\d+$/.test(text)) throw new SyntaxError("an integer is malformed");
    return text.length > MAX_INTEGER_DIGITS ? new OpaqueValue("int") : exact(BigInt(text));
  }

  /** A line with a float as Python's `repr` writes it. */
  decimalFloat(): number {
    const text = this.line();
    if (text === "nan") return NaN;
    if (/^-?inf$/.test(text)) return text === "inf" ? Infinity : -Infinity;
    if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)) throw new SyntaxError("a float is malformed");
    return Number(text);
  }

  #lineBytes(): Uint8Array {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end === -1) throw new SyntaxError("it ends too early");
    const line = this.take(end - this.#position);
    this.skip(1);
    return line;
  }

  /** Moves on by so many bytes and returns where they begin. */
  #advance(length: number): number {
    const start = this.#position;
    if (start + length > this.#bytes.length) throw new SyntaxError("it ends too early");
    this.#position += length;
    return start;
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeSurrogates(bytes);
  }
}

/** UTF-8 with halves of surrogate pairs among its characters, as in file names that are no UTF-8. */
function decodeSurrogates(bytes: Uint8Array): string {
  // Each is 0xed and two bytes. Behind 0xee the same two are a character: the rest must be UTF-8.
  const masked = bytes.map((byte, i) => byte === 0xed && bytes[i + 1]! >= 0xa0 ? 0xee : byte);
  try {
    decoder.decode(masked);
  } catch {
    // Replacing what is malformed could make two names one.
    throw new SyntaxError("a text is no UTF-8");
  }
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const size = SIZES[bytes[at]! >> 4]!;
    let code = bytes[at]! & (size === 1 ? 0x7f : 0xff >> (size + 1));
    for (let i = 1; i < size; i++) code = code << 6 | bytes[at + i]! & 0x3f;
    at += size;
    if (size === 4) units[length++] = 0xd800 + (code - 0x10000 >> 10);
    units[length++] = size === 4 ? 0xdc00 | code & 0x3ff : code;
  }
  return Buffer.from(units.buffer, 0, 2 * length).toString("utf16le");
}

/** How many bytes a character of UTF-8 has, by the upper half of the first of them. */
const SIZES = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4];

function decodeIfText(bytes: Uint8Array): string | Uint8Array {
  try {
    return decoder.decode(bytes);
  } catch {
    return bytes;
  }
}

/** What one character behind a backslash stands for. */
const ESCAPES: Readonly<Record<string, number>> = {
  ...{ "\\": 0x5c, "'": 0x27, '"': 0x22, a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 },
};

/** The bytes that the text between the quotation marks of Python's `repr` stands for. */
function unescaped(text: string): Uint8Array {
  const plain = text.replaceAll(
    /\\(?:x([\da-fA-F]{2})|([0-7]{1,3})|([\\'"abfnrtv]))/g,
    (_, hex, octal, letter) => {
      const code = letter ? ESCAPES[letter]! : parseInt(hex ?? octal, hex ? 16 : 8);
      return String.fromCharCode(code & 0xff);
    },
  );
  return new Uint8Array(Buffer.from(plain, "latin1"));
}

/** An integer of any size, as a number where that is exact. */
function exact(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}
