/**
 * Looks at JSON from outside before it is parsed: a parser makes values without end of few bytes,
 * and says nothing of a field that is there twice.
 *
 * @module
 */
import { UntrustedSet } from "./untrusted_keys.ts";

/** The deepest nesting that is parsed. The files that coact reads have ten levels. */
const MAX_DEPTH = 100;
/** How many values are parsed at most, fields counted twice: what they take stays below 1 GB. */
const MAX_VALUES = 1_000_000;

/** What counts a level or a value. */
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Looks for what makes a JSON text unfit to be parsed: nesting, values without end, or a field that
 * an object has twice, of which parsers take one or the other. Whether it is JSON is not its
 * question.
 *
 * @returns What is wrong, such as `is nested over 100 levels deep`, undefined for nothing.
 */
export function findJsonProblem(text: string): string | undefined {
  /** The names seen in each object that is open, undefined before the first; null for a list. */
  const open: (UntrustedSet | undefined | null)[] = [];
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at);
        if (open.length > 0 && open.at(-1) !== null && isFieldName(text, end)) {
          const names = open[open.length - 1] ??= new UntrustedSet();
          const name = unescaped(text.slice(at, end));
          if (names.has(name)) return `has two fields ${name}`;
          names.add(name);
        }
        at = end - 1;
        break;
      }
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (open.length === MAX_DEPTH) return `is nested over ${MAX_DEPTH} levels deep`;
        open.push(text.charCodeAt(at) === OPEN_OBJECT ? undefined : null);
        values++;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        open.pop();
        break;
      case COMMA:
      case COLON:
        values++;
    }
    if (values > MAX_VALUES) return `holds over ${MAX_VALUES} values`;
  }
}

/** Where the string that begins at a quotation mark is over: behind the closing one. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at++;
    else if (character === QUOTE) return at + 1;
  }
  return text.length;
}

/** Whether a colon is what follows a string. */
function isFieldName(text: string, end: number): boolean {
  while (" \t\n\r".includes(text.charAt(end)) && end < text.length) end++;
  return text.charCodeAt(end) === COLON;
}

function unescaped(string: string): string {
  if (!string.includes("\\")) return string.slice(1, -1);
  try {
    return JSON.parse(string);
  } catch {
    return string; // no JSON, as the parser is going to say
  }
}
