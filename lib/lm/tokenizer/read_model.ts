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
    vocabulary.add(text, start, end, id);
  } while (reader.take(COMMA));
  reader.expect(CLOSE_OBJECT);
  const { twice } = vocabulary;
  if (twice !== undefined) throw new InputError(`${path} has two fields ${JSON.stringify(twice)}`);
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
  if (reader.take(CLOSE_LIST)) return merges.finish();
  const areLists = reader.next() === OPEN_LIST;
  do {
    if (areLists) {
      if (!reader.take(OPEN_LIST) || !reader.readText()) throw merges.noPair();
      merges.addText(reader.text, reader.start, reader.end);
      if (!reader.take(COMMA) || !reader.readText()) throw merges.noPair();
      if (!reader.take(CLOSE_LIST)) throw merges.noPair();
      merges.addText(reader.text, reader.start, reader.end);
      merges.endPair();
    } else {
      if (!reader.readText()) throw merges.noPair();
      merges.addLine(reader.text, reader.start, reader.end);
    }
  } while (reader.take(COMMA));
  reader.expect(CLOSE_LIST);
  return merges.finish();
}

/**
 * Reads `merges.txt`: a pair a line, best first, below a line `#version`.
 *
 * @throws {InputError} As {@linkcode readMerges}.
 */
export function readMergeLines(bytes: Uint8Array, vocabulary: Vocabulary, path: string): Merges {
  const where = (index: number) => `${path}:${index + 1}: the line`;
  const merges = new MergeReader(bytes.length, vocabulary, where);
  for (let at = 0; at < bytes.length;) {
    let end = bytes.indexOf(NEWLINE, at);
    if (end === -1) end = bytes.length;
    merges.addLine(bytes, at, end > at && bytes[end - 1] === RETURN ? end - 1 : end);
    at = end + 1;
  }
  return merges.finish();
}

/** How the first line of `merges.txt` begins; in a list of merges it is left out, too. */
const VERSION = new TextEncoder().encode("#version");

/** How many pairs are looked up together: see {@linkcode Vocabulary.idsOf}. */
const BLOCK = 256;

/** Turns pairs of texts into merges of ids. */
class MergeReader {
  #merges: Merges;
  #vocabulary: Vocabulary;
  #where: (index: number) => string;
  #index = 0; // of the pair or line that comes next
  #bytes = new Uint8Array(BLOCK * 16); // of the texts that wait, one behind the other
  #bounds = new Int32Array(BLOCK * 2 + 1); // where each begins, and where the last ends
  #ids = new Int32Array(BLOCK * 2);
  #count = 0; // of texts

  constructor(length: number, vocabulary: Vocabulary, where: (index: number) => string) {
    this.#merges = new Merges(length / BYTES_PER_ENTRY);
    this.#vocabulary = vocabulary;
    this.#where = where;
  }

  /** Adds what a line says, if it is not the version. */
  addLine(bytes: Uint8Array, start: number, end: number): void {
    if (VERSION.every((byte, i) => bytes[start + i] === byte)) {
      this.#lookUp();
      this.#index++;
      return;
    }
    let space = start;
    while (space < end && bytes[space] !== SPACE) space++;
    if (space === start || space >= end - 1) throw this.noPair();
    for (let i = space + 1; i < end; i++) if (bytes[i] === SPACE) throw this.noPair();
    this.addText(bytes, start, space);
    this.addText(bytes, space + 1, end);
    this.endPair();
  }

  /** Adds one half of a pair. */
  addText(bytes: Uint8Array, start: number, end: number): void {
    const from = this.#bounds[this.#count]!;
    const filled = from + end - start;
    if (filled > this.#bytes.length) {
      const larger = new Uint8Array(2 * filled);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    const [texts, shift] = [this.#bytes, from - start];
    for (let i = start; i < end; i++) texts[i + shift] = bytes[i]!;
    this.#bounds[++this.#count] = filled;
  }

  /** A pair is there. */
  endPair(): void {
    this.#index++;
    if (this.#count === 2 * BLOCK) this.#lookUp();
  }

  /** What is wrong with the pair or line that was to come, if those before it are right. */
  noPair(): InputError {
    this.#count -= this.#count % 2;
    this.#lookUp();
    return new InputError(`${this.#where(this.#index)} is no pair of tokens`);
  }

  /** All merges, when there are no more. */
  finish(): Merges {
    this.#lookUp();
    return this.#merges;
  }

  /** Adds the merges of the texts that wait. */
  #lookUp(): void {
    const [vocabulary, ids, bounds] = [this.#vocabulary, this.#ids, this.#bounds];
    vocabulary.idsOf(this.#bytes, bounds, this.#count, ids);
    for (let i = 0; i < this.#count; i += 2) {
      const [left, right] = [ids[i]!, ids[i + 1]!];
      const result = vocabulary.idOfNext(this.#bytes, bounds[i]!, bounds[i + 2]!);
      if (left === -1 || right === -1 || result === -1) throw this.#lacksToken(i, [left, right]);
      this.#merges.add(left, right, result);
    }
    this.#count = 0;
  }

  /** That one half of a pair, or both together, are no token. */
  #lacksToken(first: number, [left, right]: [number, number]): InputError {
    const from = left !== -1 && right === -1 ? first + 1 : first;
    const end = left === -1 ? first + 1 : first + 2;
    const token = textOf(this.#bytes, this.#bounds[from]!, this.#bounds[end]!);
    const where = this.#where(this.#index - (this.#count - first) / 2);
    return new InputError(
      `${where} needs a token ${JSON.stringify(token)}, which the vocabulary lacks`,
    );
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end));
}
