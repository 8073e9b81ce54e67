/**
 * Reads the vocabulary and the merges of a byte-pair encoding from the bytes of their JSON, or from
 * `vocab.json` and `merges.txt`.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { JsonReader } from "./json_reader.ts";
import { MergeReader } from "./merge_reader.ts";
import type { Merges } from "./merges.ts";
import { textOf, Vocabulary } from "./vocabulary.ts";

/** Token ids are below this, as `vocab_size` in `config.json` is. */
const MAX_TOKENS = 2 ** 24;

/** At most about so many bytes are a token with its id, or a merge, or belong to what follows them. */
const BYTES_PER_ENTRY = 100;

const [COMMA, COLON, NEWLINE, RETURN] = [0x2c, 0x3a, 0x0a, 0x0d];
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
  const merges = new MergeReader(reader.remaining / BYTES_PER_ENTRY, vocabulary, where);
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
  const merges = new MergeReader(bytes.length / BYTES_PER_ENTRY, vocabulary, where);
  for (let at = 0; at < bytes.length;) {
    let end = bytes.indexOf(NEWLINE, at);
    if (end === -1) end = bytes.length;
    merges.addLine(bytes, at, end > at && bytes[end - 1] === RETURN ? end - 1 : end);
    at = end + 1;
  }
  return merges.finish();
}
