/**
 * Reads the vocabulary and the merges of a byte-pair encoding from the bytes of their JSON, or from
 * `vocab.json` and `merges.txt`.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { JsonReader } from "./json_reader.ts";
import { Merges } from "./merges.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Token ids are below this, as `vocab_size` in `config.json` is. */
const MAX_TOKENS = 2 ** 24;

/** At most about so many bytes are a token with its id, or a merge, or belong to what follows them. */
const BYTES_PER_ENTRY = 100;

const [COMMA, COLON, SPACE, NEWLINE, RETURN] = [0x2c, 0x3a, 0x20, 0x0a, 0x0d];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Reads a vocabulary, an object of token ids.
 *
 * @param path What to call the file in messages.
 * @param field What to call the object in messages. Default: `model.vocab`.
 * @throws {InputError} If it is malformed, has a token twice or an id that is none.
 */
export function readVocabulary(
  reader: JsonReader,
  path: string,
  field: string = "model.vocab",
): Vocabulary {
  const vocabulary = new Vocabulary(reader.remaining / BYTES_PER_ENTRY);
  if (!reader.take(OPEN_OBJECT)) {
    throw new InputError(`${path}: ${field} is no object of token ids`);
  }
  if (reader.take(CLOSE_OBJECT)) return vocabulary;
  do {
    if (!reader.readText()) throw new InputError(`${path} is no JSON`);
    const { text, start, end } = reader;
    reader.expect(COLON);
    const id = reader.readIndex();
    if (id === undefined || id >= MAX_TOKENS) {
      throw new InputError(
        `${path}: ${field}: the id of ${textOf(text, start, end)} is no number from 0 to ` +
          `${MAX_TOKENS - 1}`,
      );
    }
    if (!vocabulary.add(text, start, end, id)) {
      throw new InputError(`${path} has two fields ${JSON.stringify(textOf(text, start, end))}`);
    }
  } while (reader.take(COMMA));
  reader.expect(CLOSE_OBJECT);
  return vocabulary;
}

/**
 * Reads merges: `"a b"` or `["a", "b"]`, but not some of each.
 *
 * @param path What to call the file in messages.
 * @throws {InputError} If one is malformed, or is of or makes a token that the vocabulary lacks.
 */
export function readMerges(reader: JsonReader, vocabulary: Vocabulary, path: string): Merges {
  const where = (index: number) => `${path}: model.merges.${index}`;
  const merges = new MergeReader(reader.remaining, vocabulary, where);
  reader.expect(OPEN_LIST);
  if (reader.take(CLOSE_LIST)) return merges.result;
  const areLists = reader.next() === OPEN_LIST;
  do {
    if (areLists) {
      if (!reader.take(OPEN_LIST) || !reader.readText()) throw merges.noPair();
      merges.setLeft(reader.text, reader.start, reader.end);
      if (!reader.take(COMMA) || !reader.readText()) throw merges.noPair();
      if (!reader.take(CLOSE_LIST)) throw merges.noPair();
      merges.addRight(reader.text, reader.start, reader.end);
    } else {
      if (!reader.readText()) throw merges.noPair();
      merges.addLine(reader.text, reader.start, reader.end);
    }
  } while (reader.take(COMMA));
  reader.expect(CLOSE_LIST);
  return merges.result;
}

/**
 * Reads `merges.txt`: a pair a line, best first, below a line `#version`.
 *
 * @throws {InputError} As {@linkcode readMerges}.
 */
export function readMergeLines(bytes: Uint8Array, vocabulary: Vocabulary, path: string): Merges {
  let line = 0;
  const merges = new MergeReader(bytes.length, vocabulary, () => `${path}:${line}: the line`);
  for (let at = 0; at < bytes.length;) {
    let end = bytes.indexOf(NEWLINE, at);
    if (end === -1) end = bytes.length;
    line++;
    merges.addLine(bytes, at, end > at && bytes[end - 1] === RETURN ? end - 1 : end);
    at = end + 1;
  }
  return merges.result;
}

/** How the first line of `merges.txt` begins; in a list of merges it is left out, too. */
const VERSION = new TextEncoder().encode("#version");

/** Turns pairs of texts into merges of ids. */
class MergeReader {
  readonly result: Merges;
  #vocabulary: Vocabulary;
  #where: (index: number) => string;
  #index = 0;
  #joined = new Uint8Array(256); // the left text, and the right one behind it
  #leftEnd = 0;
  /** Of the merge before, for several ways to make one token often follow each other. */
  #last = { end: -1, id: -1 };
  #isOther = false; // whether a byte of the joined texts is not the one before

  constructor(length: number, vocabulary: Vocabulary, where: (index: number) => string) {
    this.result = new Merges(length / BYTES_PER_ENTRY);
    this.#vocabulary = vocabulary;
    this.#where = where;
  }

  /** Adds what a line says, if it is not the version. */
  addLine(bytes: Uint8Array, start: number, end: number): void {
    if (VERSION.every((byte, i) => bytes[start + i] === byte)) {
      this.#index++;
      return;
    }
    let space = start;
    while (space < end && bytes[space] !== SPACE) space++;
    if (space === start || space >= end - 1) throw this.noPair();
    for (let i = space + 1; i < end; i++) if (bytes[i] === SPACE) throw this.noPair();
    this.setLeft(bytes, start, space);
    this.addRight(bytes, space + 1, end);
  }

  setLeft(bytes: Uint8Array, start: number, end: number): void {
    this.#leftEnd = 0;
    this.#isOther = false;
    this.#append(bytes, start, end);
    this.#leftEnd = end - start;
  }

  addRight(bytes: Uint8Array, start: number, end: number): void {
    this.#append(bytes, start, end);
    const joinedEnd = this.#leftEnd + end - start;
    const left = this.#idOf(0, this.#leftEnd);
    const right = this.#idOf(this.#leftEnd, joinedEnd);
    if (this.#isOther || joinedEnd !== this.#last.end) {
      const id = this.#vocabulary.idOfNext(this.#joined, 0, joinedEnd); // most tokens in their order
      this.#last = { end: joinedEnd, id: id === -1 ? this.#idOf(0, joinedEnd) : id };
    }
    this.result.add(left, right, this.#last.id);
    this.#index++;
  }

  noPair(): InputError {
    return new InputError(`${this.#where(this.#index)} is no pair of tokens`);
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#leftEnd + end - start;
    if (length > this.#joined.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.#joined);
      this.#joined = larger;
    }
    const shift = this.#leftEnd - start;
    for (let i = start; i < end; i++) {
      if (this.#joined[i + shift] === bytes[i]) continue;
      this.#joined[i + shift] = bytes[i]!;
      this.#isOther = true;
    }
  }

  #idOf(start: number, end: number): number {
    const id = this.#vocabulary.idOfBytes(this.#joined, start, end);
    if (id !== -1) return id;
    const token = JSON.stringify(textOf(this.#joined, start, end));
    const where = this.#where(this.#index);
    throw new InputError(`${where} needs a token ${token}, which the vocabulary lacks`);
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end));
}
