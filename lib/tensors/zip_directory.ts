/**
 * Finds where the entries of a zip file lie, without reading them.
 *
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3 to 4.5. A
 * reader of our own, because general ones read 64 KiB at a time where a checkpoint's directory
 * needs a few, and stumble over the zip64 records that PyTorch writes into small files.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { type ByteSource, readInto } from "../files/byte_source.ts";
import { UntrustedMap, UntrustedSet } from "../files/untrusted_keys.ts";
import { type ByteRuns, bytesOf, copyRuns, oneRun } from "./byte_runs.ts";
import { findZipEnd } from "./zip_end.ts";
import { damagedZip as damaged, number64, readRecord, viewOf } from "./zip_records.ts";

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

/** What is accepted in a zip file. */
export interface ZipOptions {
  /** Whether entries may be deflated. Default: no. */
  readonly deflated?: boolean | undefined;
}

/** Signatures and fixed lengths (bytes) of the records, from the source above. */
const LOCAL_HEADER = { signature: 0x04034b50, length: 30 };
const DIRECTORY_ENTRY = { signature: 0x02014b50, length: 46 };
const ZIP64_EXTRA_FIELD = 0x0001;
/** An extra field that gives the entry another name. */
const UNICODE_PATH_EXTRA_FIELD = 0x7075;

/** The longest directory that is read, in bytes. */
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20;
/** How many entries are located at most: each costs a read. Checkpoints have some thousand. */
const MAX_ENTRIES = 50_000;
/** How much is read and checked at a time, in bytes. */
const CHUNK_BYTES = 4 * 2 ** 20;
/** The method of an entry that is deflated. */
const DEFLATE = 8;
/** Bits of an entry's flags that mean encryption: of its data, strong, of the directory. */
const ENCRYPTED = 0x2041;
/** What 32-bit fields hold when the true value stands in a zip64 record. */
const IN_ZIP64_32 = 0xffffffff;

/**
 * Lists the entries of a zip file whose names `wanted` accepts; only the directory at its end and
 * the short headers of those entries are read.
 *
 * @returns The entries by name.
 * @throws {InputError} If the file is no zip file, is truncated, or a wanted entry is compressed,
 * encrypted, outside of the file, shares bytes with another, or can be read in two ways: if the end
 * of the file fits two archives, if two names are the same to some reader, or if the entry's own
 * header says something else than the directory.
 */
export async function readZipDirectory(
  source: ByteSource,
  wanted: (name: string) => boolean = () => true,
  { deflated = false }: ZipOptions = {},
): Promise<ReadonlyMap<string, ZipEntry>> {
  const { offset, byteLength, count } = await findZipEnd(source);
  if (byteLength > MAX_DIRECTORY_BYTES) {
    throw damaged(source, `its directory claims bytes ${offset} to ${offset + byteLength}`);
  }
  const directory = await source.read(offset, offset + byteLength);
  const names = new UntrustedSet();
  const found: ListedEntry[] = [];
  let listedCount = 0;
  for (const listed of listEntries(source, directory)) {
    listedCount++;
    const { name } = listed;
    if (!names.add(canonical(name))) throw damaged(source, `it has two entries ${name}`);
    if (name.endsWith("/") || !wanted(name)) continue;
    checkName(source, name);
    if (found.length === MAX_ENTRIES) throw damaged(source, `it has over ${MAX_ENTRIES} entries`);
    found.push(listed);
  }
  if (listedCount !== count) {
    throw damaged(source, `its directory lists ${listedCount} entries but claims ${count}`);
  }
  const entries = new UntrustedMap<ZipEntry>();
  const taken: Span[] = [{ name: "the directory", start: offset, end: source.byteLength }];
  for (const listed of found) {
    const entry = await locateData(source, listed, deflated);
    const { name } = entry;
    entries.set(name, entry);
    taken.push({ name, start: listed.headerOffset, end: entry.offset + listed.compressedSize });
  }
  checkDisjoint(source, taken);
  return entries;
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

/** An entry as the directory lists it. */
interface ListedEntry {
  name: string;
  /** The same as it stands in the file. */
  nameBytes: Uint8Array;
  flags: number;
  method: number;
  checksum: number;
  compressedSize: number;
  size: number;
  headerOffset: number;
}

function* listEntries(source: ByteSource, directory: Uint8Array): Generator<ListedEntry> {
  const view = viewOf(directory);
  let at = 0;
  while (at + DIRECTORY_ENTRY.length <= view.byteLength) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY.signature) break;
    const nameStart = at + DIRECTORY_ENTRY.length;
    const extraStart = nameStart + view.getUint16(at + 28, true);
    const extraEnd = extraStart + view.getUint16(at + 30, true);
    const end = extraEnd + view.getUint16(at + 32, true);
    if (end > view.byteLength) break;
    const nameBytes = directory.subarray(nameStart, extraStart);
    const entry: ListedEntry = {
      name: new TextDecoder().decode(nameBytes),
      nameBytes,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true),
    };
    applyExtra(
      source,
      entry,
      new DataView(view.buffer, view.byteOffset + extraStart, extraEnd - extraStart),
    );
    yield entry;
    at = end;
  }
  if (at !== view.byteLength) throw damaged(source, "its directory is damaged");
}

/** Takes the fields that did not fit into 32 bits from the entry's zip64 extra field. */
function applyExtra(source: ByteSource, entry: ListedEntry, extra: DataView): void {
  let zip64Fields = 0;
  let at = 0;
  while (at + 4 <= extra.byteLength) {
    const [kind, length] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)];
    const end = at + 4 + length;
    if (end > extra.byteLength) throw damaged(source, "its directory is damaged");
    if (kind === UNICODE_PATH_EXTRA_FIELD) {
      throw damaged(source, `entry ${entry.name} has a second name`);
    }
    if (kind === ZIP64_EXTRA_FIELD) {
      if (zip64Fields++ > 0) throw damaged(source, `entry ${entry.name} has two different sizes`);
      let next = at + 4;
      for (const field of ["size", "compressedSize", "headerOffset"] as const) {
        if (entry[field] !== IN_ZIP64_32 || next + 8 > end) continue;
        entry[field] = number64(extra, next);
        next += 8;
      }
    }
    at = end;
  }
}

/** The directory tells where an entry's local header is; the data follow that and its two tails. */
async function locateData(
  source: ByteSource,
  entry: ListedEntry,
  mayBeDeflated: boolean,
): Promise<ZipEntry> {
  const { name, flags, method, compressedSize, size, headerOffset } = entry;
  const isDeflated = mayBeDeflated && method === DEFLATE;
  if (!isDeflated && method !== 0 || (flags & ENCRYPTED) !== 0) {
    throw damaged(source, `entry ${name} is compressed or encrypted, expected it to be stored`);
  }
  if (!isDeflated && compressedSize !== size) {
    throw damaged(source, `entry ${name} has two different sizes`);
  }
  const header = await readRecord(source, headerOffset, {
    ...LOCAL_HEADER,
    more: entry.nameBytes.length,
  });
  const tails = header.getUint16(26, true) + header.getUint16(28, true);
  const offset = headerOffset + LOCAL_HEADER.length + tails;
  if (offset + compressedSize > source.byteLength) {
    throw damaged(source, `entry ${name} ends after the end of the file`);
  }
  checkHeader(source, entry, header);
  const deflatedLength = isDeflated ? compressedSize : undefined;
  return { name, offset, byteLength: size, checksum: entry.checksum, deflatedLength };
}

/** Some readers believe the directory, others an entry's own header. */
function checkHeader(source: ByteSource, entry: ListedEntry, header: DataView): void {
  const { nameBytes } = entry;
  const isSameName = header.getUint16(26, true) === nameBytes.length &&
    nameBytes.every((byte, i) => header.getUint8(LOCAL_HEADER.length + i) === byte);
  // What is written before the data are known is 0; what is large stands in an extra field.
  const fits = (at: number, said: number) =>
    [0, IN_ZIP64_32, said].includes(header.getUint32(at, true));
  if (
    isSameName && header.getUint16(8, true) === entry.method &&
    (header.getUint16(6, true) & ENCRYPTED) === 0 && fits(14, entry.checksum) &&
    fits(18, entry.compressedSize) && fits(22, entry.size)
  ) return;
  throw damaged(source, `the header of entry ${entry.name} says something else than the directory`);
}

/** A text that two names share if some reader takes one for the other. */
function canonical(name: string): string {
  const parts = name.toLowerCase().split(/[/\\]/);
  return parts.filter((part) => part !== "" && part !== ".").join("/");
}

/** Nothing is ever unpacked; but who writes such a name is up to something. */
function checkName(source: ByteSource, name: string): void {
  if (name.split(/[/\\]/).includes("..")) {
    throw damaged(source, `entry ${name} would lie outside of its folder`);
  }
  // Some readers end a name there.
  if (name.includes("\0")) throw damaged(source, `the name of entry ${name} is malformed`);
}

/** A run of bytes of the file. */
interface Span {
  name: string;
  start: number;
  end: number;
}

/** Data that are shared could make a small file a large one. */
function checkDisjoint(source: ByteSource, spans: Span[]): void {
  spans.sort((a, b) => a.start - b.start || a.end - b.end);
  for (const [i, { name, start }] of spans.entries()) {
    const previous = spans[i - 1];
    if (previous === undefined || previous.end <= start) continue;
    throw damaged(source, `entry ${previous.name} overlaps ${name}`);
  }
}
