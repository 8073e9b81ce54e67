/**
 * Reads the primitive values of a pickle, one after another.
 *
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { OpaqueValue } from "./pickle_values.ts";
import { decode, decodeIfText, rawUnescaped, unescaped } from "./python_text.ts";

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
    return rawUnescaped(Buffer.from(this.#lineBytes()).toString("latin1"));
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

/** An integer of any size, as a number where that is exact. */
function exact(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}
