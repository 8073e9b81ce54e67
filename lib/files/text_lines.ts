/**
 * Reads a text file line by line, in bounded memory.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { ByteSource } from "./byte_source.ts";

/** How much is read at a time, in bytes. */
const CHUNK_BYTES = 2 ** 20;
/** The longest line that is accepted, in bytes. */
const MAX_LINE_BYTES = 2 ** 20;
/** How many lines are read at most. */
const MAX_LINES = 1_000_000;

/** Reused, for making one costs more than most lines. */
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A line of a text file. */
export interface TextLine {
  /** Its number in the file, from 1. */
  readonly number: number;
  /** Its text, without the line end. */
  readonly text: string;
}

/**
 * The lines of a UTF-8 file. Line ends may be LF or CRLF; a byte-order mark is dropped.
 *
 * @param onBytes Sees all bytes of the file in order, for a checksum.
 * @param maxLines How many lines there may be. Default: a million.
 * @throws {InputError} If a line is no UTF-8 or longer than 1 MiB, or there are too many.
 */
export async function* readLines(
  source: ByteSource,
  onBytes: (bytes: Uint8Array) => void = () => {},
  maxLines: number = MAX_LINES,
): AsyncGenerator<TextLine> {
  const take = (number: number, bytes: Uint8Array): TextLine => {
    if (number > maxLines) {
      throw new InputError(
        `${source.name} has over ${maxLines} lines; leave out what is not needed`,
      );
    }
    return decodeLine(source, number, bytes);
  };
  let number = 0;
  let rest = new Uint8Array(0);
  for (let start = 0; start < source.byteLength; start += CHUNK_BYTES) {
    const chunk = await source.read(start, Math.min(start + CHUNK_BYTES, source.byteLength));
    onBytes(chunk);
    let lineStart = 0;
    for (
      let lineEnd = chunk.indexOf(0x0a);
      lineEnd !== -1;
      lineEnd = chunk.indexOf(0x0a, lineStart)
    ) {
      const line = concatenate(rest, chunk.subarray(lineStart, lineEnd));
      yield take(++number, line);
      rest = new Uint8Array(0);
      lineStart = lineEnd + 1;
    }
    rest = concatenate(rest, chunk.subarray(lineStart));
    checkLength(source, number + 1, rest);
  }
  if (rest.length > 0) yield take(number + 1, rest);
}

function decodeLine(source: ByteSource, number: number, bytes: Uint8Array): TextLine {
  checkLength(source, number, bytes);
  try {
    const text = decoder.decode(bytes);
    return { number, text: text.endsWith("\r") ? text.slice(0, -1) : text };
  } catch {
    throw new InputError(
      `${source.name}:${number}: the line is no UTF-8 text (column ${columnOfDamage(bytes)})`,
    );
  }
}

/** Where bytes stop being UTF-8, in characters from 1. */
function columnOfDamage(bytes: Uint8Array): number {
  // What is damaged is decoded to U+FFFD, which is encoded to other bytes.
  const sound = new TextEncoder().encode(new TextDecoder().decode(bytes));
  const end = bytes.findIndex((byte, i) => byte !== sound[i]);
  return [...new TextDecoder().decode(bytes.subarray(0, end))].length + 1;
}

function checkLength(source: ByteSource, number: number, bytes: Uint8Array): void {
  if (bytes.length <= MAX_LINE_BYTES) return;
  throw new InputError(`${source.name}:${number}: the line is longer than ${MAX_LINE_BYTES} bytes`);
}

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}
