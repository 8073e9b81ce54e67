/**
 * Reads JSON from bytes, a token at a time, without making a value of it. Texts are bytes, too.
 *
 * Source: RFC 8259
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";

const [QUOTE, BACKSLASH, SPACE] = [0x22, 0x5c, 0x20];
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
};

/** Reads a list or an object of the simplest kind from beginning to end. */
export class JsonReader {
  /** The bytes of the text that was read last are here, … */
  text: Uint8Array;
  /** … from this place … */
  start = 0;
  /** … up to this one. */
  end = 0;
  #bytes: Uint8Array;
  #path: string;
  #at: number;

  /**
   * Reads the bytes of a JSON text.
   *
   * @param path What to call the file in messages.
   * @param position Where to begin. Default: 0.
   */
  constructor(bytes: Uint8Array, path: string, position: number = 0) {
    this.#bytes = bytes;
    this.#path = path;
    this.#at = position;
    this.text = bytes;
  }

  /** Where it is: behind what has been read. */
  get position(): number {
    return this.#at;
  }

  /** How many bytes there are from there to the end. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** Goes to another place. */
  skipTo(position: number): void {
    this.#at = position;
  }

  /** Goes past a character if it is the next one, white space aside, and says whether it was. */
  take(character: number): boolean {
    if (this.next() !== character) return false;
    this.#at++;
    return true;
  }

  /** Goes past a character, which must be the next one. @throws {InputError} If it is not. */
  expect(character: number): void {
    if (!this.take(character)) throw this.#noJson();
  }

  /** The next byte that is no white space; NaN at the end. */
  next(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      byte = bytes[++this.#at];
    }
    return byte ?? NaN;
  }

  /** Reads a text. @returns Whether there was one. @throws {InputError} If it is malformed. */
  readText(): boolean {
    if (!this.take(QUOTE)) return false;
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      if (byte === undefined || byte < SPACE) throw this.#noJson();
      if (byte === BACKSLASH) return this.#readEscaped(start);
    }
    [this.text, this.start, this.end] = [bytes, start, at];
    this.#at = at + 1;
    return true;
  }

  /** Reads a whole number from 0. @returns undefined if it is none. */
  readIndex(): number | undefined {
    this.next();
    const start = this.#at;
    let value = 0;
    let byte = this.#bytes[this.#at]!;
    for (; byte >= 0x30 && byte <= 0x39 && value < 2 ** 40; byte = this.#bytes[++this.#at]!) {
      value = value * 10 + byte - 0x30;
    }
    const isWhole = this.#at > start && !(this.#bytes[start] === 0x30 && this.#at > start + 1);
    return isWhole && !isPartOfNumber(byte) ? value : undefined;
  }

  /** A text with a backslash; a lone half of a surrogate pair is no character, and refused. */
  #readEscaped(start: number): true {
    let end = start;
    while (this.#bytes[end] !== QUOTE) {
      if (end >= this.#bytes.length || this.#bytes[end]! < SPACE) throw this.#noJson();
      end += this.#bytes[end] === BACKSLASH ? 2 : 1;
    }
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      this.#bytes.subarray(start, end),
    ).replaceAll(
      /\\(?:u([0-9a-fA-F]{4})|([^]?))/g,
      (_, code, letter) => {
        if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
        const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
        if (character === undefined) throw this.#noJson();
        return character;
      },
    );
    if (!text.isWellFormed()) throw this.#noJson();
    this.text = new TextEncoder().encode(text);
    [this.start, this.end] = [0, this.text.length];
    this.#at = end + 1;
    return true;
  }

  #noJson(): InputError {
    return new InputError(`${this.#path} is no JSON`);
  }
}

/** Whether a byte would make a number of a whole one that is not whole. */
function isPartOfNumber(byte: number): boolean {
  return byte === 0x2e || byte === 0x65 || byte === 0x45 || (byte >= 0x30 && byte <= 0x39);
}
