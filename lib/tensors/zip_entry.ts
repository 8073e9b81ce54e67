/**
 * Reads the data of the entries of a zip file, and checks them.
 *
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.3.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { type ByteSource, readInto } from "../files/byte_source.ts";
import { type ByteRuns, bytesOf, copyRuns, oneRun } from "./byte_runs.ts";
import { damagedZip as damaged } from "./zip_records.ts";

/** How much is read and checked at a time, in bytes. */
const CHUNK_BYTES = 4 * 2 ** 20;

/** An entry of a zip file. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Where its data begins, in bytes from the start of the file. */
  readonly offset: number;
  /** The length of its data, in bytes. */
  readonly byteLength: number;
  /** The CRC-32 of its data. */
  readonly checksum: number;
  /** How many bytes its data take in the file, deflated; undefined if they are stored as they are. */
  readonly deflatedLength?: number | undefined;
}

/** Which part of an entry to read. */
export interface EntryPart {
  /** Where it begins, in bytes from the start of the entry. Default: 0. */
  start?: number;
  /** Where it ends, likewise. Default: at the end of the entry. */
  end?: number;
}

/**
 * Reads the data of an entry, or a part of them, and checks all of them against the checksum. What
 * is not asked for is not kept.
 *
 * @throws {InputError} If the data are damaged.
 */
export async function readZipEntry(
  source: ByteSource,
  entry: ZipEntry,
  { start = 0, end = entry.byteLength }: EntryPart = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return await readZipRuns(source, entry, oneRun(start, end));
}

/**
 * Reads runs of the data of an entry, one after the other, as {@linkcode readZipEntry} does.
 *
 * @throws {InputError} If the data are damaged.
 */
export async function readZipRuns(
  source: ByteSource,
  entry: ZipEntry,
  runs: ByteRuns,
): Promise<Uint8Array<ArrayBuffer>> {
  const part = new Uint8Array(bytesOf(runs));
  if (entry.deflatedLength === undefined && part.length === entry.byteLength) {
    for await (const _ of zipEntryPieces(source, entry, part)); // it goes where it belongs at once
    return part;
  }
  let at = 0;
  for await (const piece of zipEntryPieces(source, entry)) {
    copyRuns(piece, at, runs, part);
    at += piece.length;
  }
  return part;
}

/**
 * The data of an entry, piece by piece, each of them there until the next one is; what is stored as it
 * is comes in multiples of 8 bytes, but for the last. Whoever reads to the end knows that they are
 * right.
 *
 * @param whole Where all of it goes, if it is stored as it is. Default: nothing is kept.
 * @param room Where each piece lies that is stored as it is and not kept: a piece is as long as that, a
 * multiple of 8 bytes. Default: an array of 4 MiB.
 * @throws {InputError} At the end, if the data are damaged.
 */
export async function* zipEntryPieces(
  source: ByteSource,
  entry: ZipEntry,
  whole?: Uint8Array<ArrayBuffer>,
  room?: Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array> {
  const { name, byteLength, checksum } = entry;
  let found = 0;
  let at = 0;
  for await (const piece of dataOf(source, entry, whole, room)) {
    found = crc32(piece, found);
    at += piece.length;
    yield piece;
  }
  if (at !== byteLength) {
    throw damaged(source, `entry ${name} has ${at} bytes of data instead of ${byteLength}`);
  }
  if (found !== checksum) {
    throw damaged(source, `the checksum of entry ${name} does not match its data`);
  }
}

/** The data of an entry, piece by piece; what goes beyond their length is not made. */
async function* dataOf(
  source: ByteSource,
  entry: ZipEntry,
  whole?: Uint8Array<ArrayBuffer>,
  room?: Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array> {
  const { name, offset, byteLength, deflatedLength } = entry;
  if (deflatedLength === undefined) return yield* storedPieces(source, entry, whole, room);
  const stored = storedBytes(source, offset, deflatedLength);
  const inflated = ReadableStream.from(stored).pipeThrough(new DecompressionStream("deflate-raw"));
  let length = 0;
  try {
    for await (const chunk of inflated) {
      length += chunk.length;
      if (length > byteLength) break;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof TypeError) throw damaged(source, `the data of entry ${name} are damaged`);
    throw error;
  }
  if (length > byteLength) {
    throw damaged(source, `entry ${name} has more than the ${byteLength} bytes it claims`);
  }
}

/** What is stored as it is; without a place for all of it, each piece lies where the last one did. */
async function* storedPieces(
  source: ByteSource,
  { offset, byteLength }: ZipEntry,
  whole?: Uint8Array<ArrayBuffer>,
  room: Uint8Array<ArrayBuffer> = new Uint8Array(whole ? 0 : Math.min(CHUNK_BYTES, byteLength)),
): AsyncGenerator<Uint8Array> {
  const step = whole === undefined ? Math.max(1, room.length) : CHUNK_BYTES;
  for (let at = 0; at < byteLength; at += step) {
    const end = Math.min(at + step, byteLength);
    const piece = whole === undefined ? room.subarray(0, end - at) : whole.subarray(at, end);
    await readInto(source, offset + at, piece);
    yield piece;
  }
}

async function* storedBytes(
  source: ByteSource,
  offset: number,
  length: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < length; at += CHUNK_BYTES) {
    yield await source.read(offset + at, offset + Math.min(at + CHUNK_BYTES, length));
  }
}
