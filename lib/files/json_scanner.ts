/**
 * The characters of a JSON text, and what they make at the lowest level: space, texts, numbers.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc8259
 *
 * @module
 */
import { JsonProblem, unescapeJson } from "./json_text.ts";

/** The characters that mean something by themselves, in UTF-16 units. */
export const UNITS = {
  QUOTE: 0x22,
  COMMA: 0x2c,
  COLON: 0x3a,
  MINUS: 0x2d,
  OPEN_LIST: 0x5b,
  CLOSE_LIST: 0x5d,
  OPEN_OBJECT: 0x7b,
  CLOSE_OBJECT: 0x7d,
} as const;

const { QUOTE, MINUS } = UNITS;
const [TAB, LINE_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [BACKSLASH, PLUS, POINT] = [0x5c, 0x2b, 0x2e];
const [ZERO, NINE, LETTER_E, LETTER_U] = [0x30, 0x39, 0x65, 0x75];

/** A position in a text. Every method throws a {@linkcode JsonProblem} where the text is no JSON. */
export class JsonScanner {
  #text: string;
  #at = 0;

  /**
   * Begins at the first character.
   *
   * @param text The text.
   */
  constructor(text: string) {
    this.#text = text;
  }

  /** Where it is, in UTF-16 units. */
  get at(): number {
    return this.#at;
  }

  /** Whether it is at the end. */
  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next character; NaN at the end. */
  get next(): number {
    return this.#text.charCodeAt(this.#at);
  }

  /** Moves on to what is no space. */
  skipSpace(): void {
    for (;; this.#at++) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== SPACE && unit !== LINE_FEED && unit !== RETURN && unit !== TAB) return;
    }
  }

  /** Moves on over a character that has to be there. */
  expect(unit: number): void {
    if (!this.takes(unit)) throw this.noJson();
  }

  /** Moves on over a character if it is there, and says whether it was. */
  takes(unit: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== unit) return false;
    this.#at++;
    return true;
  }

  /** Moves on over a word if it is there, and says whether it was. */
  takesWord(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  /** A text, from its quotation mark on. */
  string(): string {
    if (this.next !== QUOTE) throw this.noJson();
    const text = this.#text;
    const start = this.#at + 1;
    let isEscaped = false;
    let at = start;
    for (let unit = text.charCodeAt(at); unit !== QUOTE; unit = text.charCodeAt(++at)) {
      if (unit === BACKSLASH) {
        isEscaped = true;
        at = this.#endOfEscape(at);
      } else if (!(unit >= SPACE)) throw this.noJson(at); // a control character, or the end
    }
    this.#at = at + 1;
    const content = text.slice(start, at);
    return isEscaped ? unescapeJson(content) : content;
  }

  /** The last character of the escape that begins at a backslash. */
  #endOfEscape(backslash: number): number {
    const kind = this.#text.charCodeAt(backslash + 1);
    const isKnown = kind === LETTER_U
      ? /^[0-9a-fA-F]{4}$/.test(this.#text.slice(backslash + 2, backslash + 6))
      : '"\\/bfnrt'.includes(String.fromCharCode(kind));
    if (!isKnown) throw this.noJson(backslash);
    return backslash + (kind === LETTER_U ? 5 : 1);
  }

  /** `-12.5e+3`, without leading zeros, as it is written; `-` alone if no digit follows it. */
  number(): string {
    const start = this.#at;
    if (this.takes(MINUS) && !isDigit(this.next)) return "-";
    if (!this.takes(ZERO)) this.#digits();
    if (this.takes(POINT)) this.#digits();
    if ((this.next | 0x20) === LETTER_E) {
      this.#at++;
      if (!this.takes(PLUS)) this.takes(MINUS);
      this.#digits();
    }
    return this.#text.slice(start, this.#at);
  }

  #digits(): void {
    const start = this.#at;
    while (isDigit(this.next)) this.#at++;
    if (this.#at === start) throw this.noJson();
  }

  /** That the text is no JSON, from some place on. Default: from here. */
  noJson(at: number = this.#at): JsonProblem {
    return new JsonProblem(undefined, at);
  }
}

/** Whether a character is one of the digits. */
export function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}
