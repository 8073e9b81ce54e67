/**
 * Cuts the vocabulary and the merges out of a `tokenizer.json` before the rest is parsed. There can
 * be a million of them: as values of JavaScript they would take most of the time and memory, so that
 * they are read from the bytes.
 *
 * @module
 */
import { isUtf8 } from "node:buffer";
import { InputError } from "../../base/errors.ts";
import { decodeText } from "../../files/byte_source.ts";
import { JsonReader } from "./json_reader.ts";
import type { Merges } from "./merges.ts";
import { readMerges, readVocabulary } from "./read_model.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A `tokenizer.json` in three parts. */
export interface CutModel {
  /** All of the text but the two lists, in whose place there is a 0. */
  readonly rest: string;
  /** `model.vocab`, if it is an object. */
  readonly vocabulary: Vocabulary | undefined;
  /** `model.merges`, if it is a list, and `model.vocab` an object. */
  readonly merges: Merges | undefined;
}

const [QUOTE, BACKSLASH, COMMA, COLON, ZERO] = [0x22, 0x5c, 0x2c, 0x3a, 0x30];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/**
 * Reads `model.vocab` and `model.merges` and cuts them out. What is no JSON, or of another shape,
 * stays in the rest, whose reader is going to say so.
 *
 * @param path What to call the file in messages.
 * @throws {InputError} If the bytes are no UTF-8, or one of the two is malformed.
 */
export function cutModel(bytes: Uint8Array, path: string): CutModel {
  if (!isUtf8(bytes)) throw new InputError(`${path} is no UTF-8 text`);
  const cuts: [start: number, end: number][] = [];
  let vocabulary: Vocabulary | undefined;
  let merges: [start: number, end: number] | undefined;
  let readBefore: Merges | undefined; // where the vocabulary stands first, as it does everywhere
  visitFields(bytes, 0, (name, start) => {
    if (name !== "model") return undefined;
    return visitFields(bytes, start, (name, start) => {
      const reader = new JsonReader(bytes, path, start);
      if (name === "vocab" && bytes[start] === OPEN_OBJECT && vocabulary === undefined) {
        vocabulary = readVocabulary(reader, path);
      } else if (name === "merges" && bytes[start] === OPEN_LIST && merges === undefined) {
        if (vocabulary === undefined) reader.skipTo(endOfValue(bytes, start));
        else readBefore = readMerges(reader, vocabulary, path);
        merges = [start, reader.position];
      } else {
        return undefined; // of two of a kind, the second stays, and shows
      }
      cuts.push([start, reader.position]);
      return reader.position;
    });
  });
  const readMergesNow = () =>
    merges && vocabulary && readMerges(new JsonReader(bytes, path, merges[0]), vocabulary, path);
  return {
    rest: decodeText(without(bytes, cuts), path),
    vocabulary,
    merges: readBefore ?? readMergesNow(),
  };
}

/**
 * Calls back for every field of the object that begins at or behind `at`, if there is one.
 *
 * @param visit Is told the name and where the value begins; may return where it ends, to save looking.
 * @returns Where the object ends; undefined if there is none.
 */
function visitFields(
  bytes: Uint8Array,
  at: number,
  visit: (name: string, start: number) => number | undefined,
): number | undefined {
  at = skipSpace(bytes, at);
  if (bytes[at] !== OPEN_OBJECT) return undefined;
  do {
    const name = skipSpace(bytes, at + 1);
    const nameEnd = endOfValue(bytes, name);
    at = skipSpace(bytes, nameEnd);
    if (bytes[name] !== QUOTE || bytes[at] !== COLON) return undefined;
    const start = skipSpace(bytes, at + 1);
    const end = visit(unquoted(bytes.subarray(name, nameEnd)), start) ?? endOfValue(bytes, start);
    at = skipSpace(bytes, end);
  } while (bytes[at] === COMMA);
  return bytes[at] === CLOSE_OBJECT ? at + 1 : undefined;
}

function unquoted(bytes: Uint8Array): string {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return ""; // no JSON, as the parser is going to say
  }
}

function skipSpace(bytes: Uint8Array, at: number): number {
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

/** Where a text, a number, a list or an object ends. */
function endOfValue(bytes: Uint8Array, at: number): number {
  const { length } = bytes;
  for (let depth = 0; at < length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at++; at < length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
      if (depth === 0) return Math.min(at + 1, length);
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth++;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (depth <= 1) return at + depth; // a closing one behind a number is not its own
      depth--;
    } else if (byte === COMMA && depth === 0) {
      return at;
    }
  }
  return length;
}

function without(bytes: Uint8Array, cuts: readonly [number, number][]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [start, end] of cuts) {
    parts.push(bytes.subarray(at, start), Uint8Array.of(ZERO));
    at = end;
  }
  parts.push(bytes.subarray(at));
  const rest = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    rest.set(part, filled);
    filled += part.length;
  }
  return rest;
}
