/**
 * Parses JSON from outside in a time that grows with its length and with nothing else.
 *
 * `JSON.parse` is not used for it. It keeps short texts in a table whose hash of a number's digits
 * is their value, so that 65,536 well-chosen texts take it many seconds; it says nothing of a field
 * that is there twice; and it refuses the `NaN` and `Infinity` that Python's `json.dumps` writes.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc8259
 *
 * @module
 */
import { JsonProblem, unescapeJson } from "./json_text.ts";

/** The deepest nesting that is parsed. The files that coact reads have ten levels. */
const MAX_DEPTH = 100;
/** How many values are parsed if nothing else is said: what they take stays below 1 GB. */
const MAX_VALUES = 1_000_000;
/** The longest name of a field, in UTF-16 units: somewhat longer ones V8 hashes by their length. */
const MAX_NAME = 16_000;
/** How many longer ones are looked at, in case that one is there twice. */
const MAX_LONG_NAMES = 100;

const [TAB, LINE_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, PLUS, POINT] = [
  0x22,
  0x5c,
  0x2c,
  0x3a,
  0x2d,
  0x2b,
  0x2e,
];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [ZERO, NINE, LETTER_E, LETTER_U] = [0x30, 0x39, 0x65, 0x75];

/** What a JSON text may hold. */
export interface JsonLimits {
  /**
   * How many values at most, fields counted twice. Default: a million. A file of bounded length
   * whose values are small may have more: each takes some 100 bytes of memory.
   */
  readonly maxValues?: number | undefined;
  /** What a number becomes, of its digits as they are written. Default: a number. */
  readonly number?: ((written: string) => unknown) | undefined;
}

/** A number that is none, and where it stands. */
export interface NonFinite {
  /** The list or object that it is in. */
  readonly holder: object;
  /** Its place in the list, or the name of the field. */
  readonly key: PropertyKey;
  /** Where it begins in the text, in UTF-16 units. */
  readonly offset: number;
}

/** A parsed text. */
export interface ParsedJson {
  /** What it says. */
  readonly value: unknown;
  /** Its numbers that are none, in their order: `NaN`, `-Infinity`, `1e999`. */
  readonly nonFinite: readonly NonFinite[];
}

/**
 * Parses JSON, in which `NaN`, `Infinity` and `-Infinity` may stand for numbers in lists and fields.
 *
 * @throws {JsonProblem} If it is no JSON, is nested over 100 levels deep, or holds too many values,
 * a field twice, or one with a name of great length.
 */
export function parseJsonText(text: string, limits: JsonLimits = {}): ParsedJson {
  return new JsonParser(text, limits).parse();
}

class JsonParser {
  #text: string;
  #at = 0;
  #depth = 0;
  #values = 0;
  #maxValues: number;
  #toNumber: (written: string) => unknown;
  #nonFinite: NonFinite[] = [];

  constructor(text: string, { maxValues = MAX_VALUES, number = Number }: JsonLimits) {
    this.#text = text;
    this.#maxValues = maxValues;
    this.#toNumber = number;
  }

  parse(): ParsedJson {
    this.#skipSpace();
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#noJson();
    return { value, nonFinite: this.#nonFinite };
  }

  #value(): unknown {
    const first = this.#text.charCodeAt(this.#at);
    switch (first) {
      case QUOTE:
        return this.#string();
      case OPEN_OBJECT:
        return this.#object();
      case OPEN_LIST:
        return this.#list();
    }
    if (first === MINUS || isDigit(first)) return this.#number();
    return this.#word();
  }

  #open(): void {
    if (this.#depth++ === MAX_DEPTH) {
      throw new JsonProblem(`is nested over ${MAX_DEPTH} levels deep`);
    }
    this.#count();
    this.#at++;
  }

  /** That a field is there twice; where the values are short and differ, the reader is told them. */
  #twice(name: string, value: unknown): JsonProblem {
    this.#skipSpace();
    this.#expect(COLON);
    const [first, second] = [value, this.#element([], 0)].map(shortText);
    const differ = first !== undefined && second !== undefined && first !== second;
    return new JsonProblem(`has two fields ${name}${differ ? `: ${first} and ${second}` : ""}`);
  }

  #object(): object {
    this.#open();
    const object: Record<string, unknown> = {};
    const longNames: string[] = []; // none becomes the name of a property
    if (this.#closes(CLOSE_OBJECT)) return object;
    do {
      this.#skipSpace();
      const name = this.#name();
      const isLong = name.length > MAX_NAME;
      if (isLong ? longNames.includes(name) : Object.hasOwn(object, name)) {
        throw this.#twice(name, isLong ? undefined : object[name]);
      }
      this.#skipSpace();
      this.#expect(COLON);
      this.#count();
      const value = this.#element(object, name);
      if (isLong) longNames.push(name);
      else if (name === "__proto__") define(object, name, value);
      else object[name] = value;
    } while (longNames.length < MAX_LONG_NAMES && this.#goesOn(CLOSE_OBJECT));
    if (longNames.length === 0) return object;
    throw new JsonProblem(`has a field whose name is longer than ${MAX_NAME} characters`);
  }

  #list(): unknown[] {
    this.#open();
    const list: unknown[] = [];
    if (this.#closes(CLOSE_LIST)) return list;
    do list.push(this.#element(list, list.length)); while (this.#goesOn(CLOSE_LIST));
    return list;
  }

  #element(holder: object, key: PropertyKey): unknown {
    this.#skipSpace();
    const offset = this.#at;
    const value = this.#value();
    if (typeof value === "number" && !Number.isFinite(value)) {
      this.#nonFinite.push({ holder, key, offset });
    }
    return value;
  }

  /** Whether a list or an object that has just been opened is empty. */
  #closes(bracket: number): boolean {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== bracket) return false;
    this.#at++;
    this.#depth--;
    return true;
  }

  /** Whether a comma follows an element, rather than the end. */
  #goesOn(bracket: number): boolean {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== COMMA) {
      this.#expect(bracket);
      this.#depth--;
      return false;
    }
    this.#at++;
    this.#count();
    return true;
  }

  #name(): string {
    if (this.#text.charCodeAt(this.#at) !== QUOTE) throw this.#noJson();
    return this.#string();
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at + 1;
    let isEscaped = false;
    let at = start;
    for (let unit = text.charCodeAt(at); unit !== QUOTE; unit = text.charCodeAt(++at)) {
      if (unit === BACKSLASH) {
        isEscaped = true;
        at = this.#endOfEscape(at);
      } else if (!(unit >= SPACE)) throw this.#noJson(at); // a control character, or the end
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
    if (!isKnown) throw this.#noJson(backslash);
    return backslash + (kind === LETTER_U ? 5 : 1);
  }

  /** `-12.5e+3`, without leading zeros; or `-Infinity`. */
  #number(): unknown {
    const start = this.#at;
    if (this.#takes(MINUS) && !isDigit(this.#text.charCodeAt(this.#at))) return -this.#infinity();
    if (!this.#takes(ZERO)) this.#digits();
    if (this.#takes(POINT)) this.#digits();
    if ((this.#text.charCodeAt(this.#at) | 0x20) === LETTER_E) {
      this.#at++;
      if (!this.#takes(PLUS)) this.#takes(MINUS);
      this.#digits();
    }
    return this.#toNumber(this.#text.slice(start, this.#at));
  }

  #infinity(): number {
    const value = this.#word();
    if (value === Infinity) return value;
    throw this.#noJson();
  }

  #digits(): void {
    const start = this.#at;
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at++;
    if (this.#at === start) throw this.#noJson();
  }

  #word(): unknown {
    for (const [word, value] of WORDS) {
      const isLone = typeof value === "number" && this.#depth === 0; // no file is a lone NaN
      if (isLone || !this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    throw this.#noJson();
  }

  #skipSpace(): void {
    for (;; this.#at++) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== SPACE && unit !== LINE_FEED && unit !== RETURN && unit !== TAB) return;
    }
  }

  #expect(unit: number): void {
    if (!this.#takes(unit)) throw this.#noJson();
  }

  #takes(unit: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== unit) return false;
    this.#at++;
    return true;
  }

  #count(): void {
    if (++this.#values > this.#maxValues) {
      throw new JsonProblem(`holds over ${this.#maxValues} values`);
    }
  }

  #noJson(at = this.#at): JsonProblem {
    return new JsonProblem(undefined, at);
  }
}

/** What may stand for a value besides texts and numbers; `NaN` and `Infinity` are Python's. */
const WORDS: readonly [string, unknown][] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", NaN],
  ["Infinity", Infinity],
];

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}

/** A field of its own, where an assignment would change what the object inherits. */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** A value that fits into a message; undefined for another. */
function shortText(value: unknown): string | undefined {
  if (value === undefined || (typeof value === "object" && value !== null)) return undefined;
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length <= 40 ? text : undefined;
}
