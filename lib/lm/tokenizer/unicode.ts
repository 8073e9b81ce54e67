/**
 * What Rust and JavaScript do not see alike in a text.
 *
 * White space is what Unicode says, in all of the libraries behind Hugging Face's tokenizers:
 * JavaScript's `\s` has U+FEFF, too, and lacks U+0085.
 *
 * Letters and digits need no table: Oniguruma, which runs the regular expressions there, and V8 are
 * both of Unicode 16. `tests/lm/tokenizer/unicode_test.ts` notices when they no longer are.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";

/** White space, to be put between brackets. */
export const SPACES: string = String
  .raw`\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** What is part of a word in the sense of Rust's `\w`. */
export const WORD_CHARACTERS: string = String
  .raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;

/**
 * Numbers in the sense of Rust's `char::is_numeric`, which is of Unicode 17: Tolong Siki's digits and
 * some of Chisoi's are added to what V8 knows.
 */
export const NUMBERS: string = String.raw`\p{N}\u{11de0}-\u{11de9}\u{16ff4}-\u{16ff6}`;

/**
 * Characters that V8 composes, decomposes or sorts, and the library's normalization, of a Unicode of
 * 2017, leaves alone: it does not know them. Found by asking the library for every character.
 */
const UNKNOWN_TO_NORMALIZATION = new RegExp(
  String
    .raw`([\u07fd\u0897-\u089f\u08ca-\u08d3\u09fe\u0c3c\u0d3b\u0d3c\u0eba\u1715\u1abf-\u1ace\u1df6-\u1dfa` +
    String
      .raw`\u32ff\ua7f2-\ua7f4\ua82c\uab69\u{105c9}\u{105d2}\u{105da}\u{105e4}\u{10781}-\u{10785}` +
    String.raw`\u{10787}-\u{107b0}\u{107b2}-\u{107ba}\u{10d24}-\u{10d27}\u{10d69}-\u{10d6d}` +
    String
      .raw`\u{10eab}\u{10eac}\u{10efd}-\u{10eff}\u{10f46}-\u{10f50}\u{10f82}-\u{10f85}\u{11070}` +
    String.raw`\u{1133b}\u{11382}-\u{11385}\u{1138b}\u{1138e}\u{11390}\u{11391}\u{113b8}\u{113bb}` +
    String
      .raw`\u{113c2}\u{113c5}\u{113c7}-\u{113c9}\u{113ce}-\u{113d0}\u{1145e}\u{11839}\u{1183a}` +
    String.raw`\u{11930}\u{11935}\u{11938}\u{1193d}\u{1193e}\u{11943}\u{119e0}\u{11a34}\u{11a47}` +
    String.raw`\u{11a99}\u{11d42}\u{11d44}\u{11d45}\u{11d97}\u{11f41}\u{11f42}\u{1611e}-\u{16129}` +
    String.raw`\u{1612f}\u{16d63}\u{16d67}-\u{16d6a}\u{16ff0}\u{16ff1}\u{1ccd6}-\u{1ccf9}` +
    String.raw`\u{1e030}-\u{1e06d}\u{1e08f}\u{1e130}-\u{1e136}\u{1e2ae}\u{1e2ec}-\u{1e2ef}` +
    String.raw`\u{1e4ec}-\u{1e4ef}\u{1e5ee}\u{1e5ef}\u{1f16c}\u{1fbf0}-\u{1fbf9}]+)`,
  "u",
);

/** How many marks may follow each other: sorting them takes V8 the square of it. */
const MAX_MARKS = 1000;

/**
 * A text in one of Unicode's normal forms, as the library makes them.
 *
 * @throws {InputError} If over 1,000 combining marks follow each other.
 */
export function normalForm(form: "NFC" | "NFD" | "NFKC" | "NFKD", text: string): string {
  for (const [marks] of text.matchAll(/\p{M}+/gu)) {
    if (marks.length <= MAX_MARKS) continue;
    throw new InputError(`the text has over ${MAX_MARKS} combining marks one behind the other`);
  }
  // What it does not know stays, and nothing is composed or sorted across it.
  const parts = text.split(UNKNOWN_TO_NORMALIZATION);
  return parts.map((part, i) => i % 2 === 1 ? part : part.normalize(form)).join("");
}

/** Where letters lie that Unicode 17 added, and how far their small ones are from there. */
const NEW_CAPITALS: readonly (readonly [first: number, last: number, distance: number])[] = [
  ...[0xa7ce, 0xa7d2, 0xa7d4].map((code) => [code, code, 1] as const),
  [0x16ea0, 0x16eb8, 27],
];

/** A text in small letters, each by itself: no sigma is a final one, as JavaScript would have it. */
export function lowercase(text: string): string {
  return text.replaceAll(/[A-Z]|[^\0-\x7f]/gu, (character) => {
    const code = character.codePointAt(0)!;
    const range = NEW_CAPITALS.find(([first, last]) => code >= first && code <= last);
    return range ? String.fromCodePoint(code + range[2]) : character.toLowerCase();
  });
}

const BYTE_CHARACTERS: readonly string[] = byteCharacters();
const encoder = new TextEncoder();

/**
 * A text's UTF-8 bytes as visible characters, the alphabet of byte-level tokens.
 *
 * Source: `bytes_to_unicode()` in https://github.com/openai/gpt-2/blob/master/src/encoder.py
 */
export function bytesAsText(text: string): string {
  let characters = "";
  for (const byte of encoder.encode(text)) characters += BYTE_CHARACTERS[byte];
  return characters;
}

function byteCharacters(): string[] {
  let hidden = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const visible = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCharCode(visible ? byte : 256 + hidden++);
  });
}
