/**
 * Texts as Python's pickles hold them: UTF-8 with what Python lets into it, and escapes.
 *
 * @module
 */
import { Buffer } from "node:buffer";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * The text that bytes are.
 *
 * @throws {SyntaxError} If they are no UTF-8, halves of surrogate pairs aside.
 */
export function decode(bytes: Uint8Array): string {
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

/** The text that bytes are, or the bytes, if they are none. */
export function decodeIfText(bytes: Uint8Array): string | Uint8Array {
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
export function unescaped(text: string): Uint8Array {
  const plain = text.replaceAll(
    /\\(?:x([\da-fA-F]{2})|([0-7]{1,3})|([\\'"abfnrtv]))/g,
    (_, hex, octal, letter) => {
      const code = letter ? ESCAPES[letter]! : parseInt(hex ?? octal, hex ? 16 : 8);
      return String.fromCharCode(code & 0xff);
    },
  );
  return new Uint8Array(Buffer.from(plain, "latin1"));
}

/**
 * The text that stands in Python's raw-unicode-escape: `\u` or `\U` with digits is a character.
 *
 * @throws {SyntaxError} If there is no such character.
 */
export function rawUnescaped(text: string): string {
  return text.replaceAll(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/g, (_, short, long) => {
    const code = parseInt(short ?? long, 16);
    if (code > 0x10ffff) throw new SyntaxError("a text is malformed");
    return String.fromCodePoint(code);
  });
}
