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
import { InputError } from "../errors.ts";
import type { ByteSource } from "../files/byte_source.ts";

/** A stored (that is, uncompressed) entry of a zip file. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Where its data begins, in bytes from the start of the file. */
  readonly offset: number;
  /** The length of its data, in bytes. */
  readonly byteLength: number;
  /** The CRC-32 of its data. */
  readonly checksum: number;
}

/** Signatures and fixed lengths (bytes) of the records, from the source above. */
const LOCAL_HEADER = { signature: 0x04034b50, length: 30 };
const DIRECTORY_ENTRY = { signature: 0x02014b50, length: 46 };
const END_RECORD = { signature: 0x06054b50, length: 22 };
const ZIP64_LOCATOR = { signature: 0x07064b50, length: 20 };
const ZIP64_END_RECORD = { signature: 0x06064b50, length: 56 };
const ZIP64_EXTRA_FIELD = 0x0001;

/** The end record may be followed by a comment of at most so many bytes. */
const MAX_COMMENT_BYTES = 0xffff;
/** The longest directory that is read, in bytes. */
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20;
/** How many entries are located at most: each costs a read. Checkpoints have some thousand. */
const MAX_ENTRIES = 50_000;
/** How much is read and checked at a time, in bytes. */
const CHUNK_BYTES = 4 * 2 ** 20;
/** Bits of an entry's flags that mean encryption: of its data, strong, of the directory. */
const ENCRYPTED = 0x2041;
/** What 16- and 32-bit fields hold when the true value stands in a zip64 record. */
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffffffff;

/**
 * Lists the entries of a zip file whose names `wanted` accepts; only the directory at its end and
 * the short headers of those entries are read.
 *
 * @returns The entries by name.
 * @throws {InputError} If the file is no zip file, is truncated, or a wanted entry is compressed,
 * encrypted, outside of the file, there twice, or shares bytes with another.
 */
export async function readZipDirectory(
  source: ByteSource,
  wanted: (name: string) => boolean = () => true,
): Promise<Map<string, ZipEntry>> {
  const { offset, byteLength, count } = await findDirectory(source);
  const directory = await source.read(offset, offset + byteLength);
  const entries = new Map<string, ZipEntry>();
  const taken: Span[] = [{ name: "the directory", start: offset, end: source.byteLength }];
  let listedCount = 0;
  for (const listed of listEntries(source, directory)) {
    listedCount++;
    const { name } = listed;
    if (name.endsWith("/") || !wanted(name)) continue;
    checkName(source, name);
    if (entries.has(name)) throw damaged(source, `it has two entries ${name}`);
    if (entries.size === MAX_ENTRIES) throw damaged(source, `it has over ${MAX_ENTRIES} entries`);
    const entry = await locateData(source, listed);
    entries.set(name, entry);
    taken.push({ name, start: listed.headerOffset, end: entry.offset + entry.byteLength });
  }
  if (listedCount !== count) {
    throw damaged(source, `its directory lists ${listedCount} entries but claims ${count}`);
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
  { name, offset, byteLength, checksum }: ZipEntry,
  { start = 0, end = byteLength }: EntryPart = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const part = new Uint8Array(end - start);
  let found = 0;
  for (let at = 0; at < byteLength; at += CHUNK_BYTES) {
    const chunkEnd = Math.min(at + CHUNK_BYTES, byteLength);
    const chunk = await source.read(offset + at, offset + chunkEnd);
    found = crc32(chunk, found);
    const [from, to] = [Math.max(at, start), Math.min(chunkEnd, end)];
    if (from < to) part.set(chunk.subarray(from - at, to - at), from - start);
  }
  if (found === checksum) return part;
  throw damaged(source, `the checksum of entry ${name} does not match its data`);
}

interface DirectoryRange {
  offset: number;
  byteLength: number;
  /** How many entries it is said to have. */
  count: number;
}

/** Follows the end record, or the zip64 one before it, to the directory. */
async function findDirectory(source: ByteSource): Promise<DirectoryRange> {
  const { record, start } = await readEndRecord(source);
  let byteLength = record.getUint32(12, true);
  let offset = record.getUint32(16, true);
  let count = record.getUint16(10, true);
  if (offset === IN_ZIP64_32 || byteLength === IN_ZIP64_32 || count === IN_ZIP64_16) {
    const zip64 = await readZip64EndRecord(source, start);
    count = number64(zip64, 32);
    byteLength = number64(zip64, 40);
    offset = number64(zip64, 48);
  }
  if (offset + byteLength > start || byteLength > MAX_DIRECTORY_BYTES) {
    throw damaged(source, `its directory claims bytes ${offset} to ${offset + byteLength}`);
  }
  return { offset, byteLength, count };
}

/** The end record is the last thing in the file, unless a comment follows it. */
async function readEndRecord(source: ByteSource): Promise<{ record: DataView; start: number }> {
  for (const tail of [END_RECORD.length, END_RECORD.length + MAX_COMMENT_BYTES]) {
    const tailStart = Math.max(0, source.byteLength - tail);
    const view = viewOf(await source.read(tailStart, source.byteLength));
    for (let at = view.byteLength - END_RECORD.length; at >= 0; at--) {
      if (view.getUint32(at, true) !== END_RECORD.signature) continue;
      const record = new DataView(view.buffer, view.byteOffset + at, END_RECORD.length);
      return { record, start: tailStart + at };
    }
  }
  throw damaged(source, "it has no directory at its end; it may be truncated");
}

async function readZip64EndRecord(source: ByteSource, endRecord: number): Promise<DataView> {
  const locator = await readRecord(source, endRecord - ZIP64_LOCATOR.length, ZIP64_LOCATOR);
  return await readRecord(source, number64(locator, 8), ZIP64_END_RECORD);
}

async function readRecord(
  source: ByteSource,
  start: number,
  { signature, length }: { signature: number; length: number },
): Promise<DataView> {
  if (start >= 0 && start + length <= source.byteLength) {
    const view = viewOf(await source.read(start, start + length));
    if (view.getUint32(0, true) === signature) return view;
  }
  throw damaged(source, `a record is missing at byte ${start}`);
}

/** An entry as the directory lists it. */
interface ListedEntry {
  name: string;
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
    const entry: ListedEntry = {
      name: new TextDecoder().decode(directory.subarray(nameStart, extraStart)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true),
    };
    applyZip64(
      entry,
      new DataView(view.buffer, view.byteOffset + extraStart, extraEnd - extraStart),
    );
    yield entry;
    at = end;
  }
  if (at !== view.byteLength) throw damaged(source, "its directory is damaged");
}

/** Takes the fields that did not fit into 32 bits from the entry's zip64 extra field. */
function applyZip64(entry: ListedEntry, extra: DataView): void {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== ZIP64_EXTRA_FIELD) continue;
    let next = at + 4;
    for (const field of ["size", "compressedSize", "headerOffset"] as const) {
      if (entry[field] !== IN_ZIP64_32 || next + 8 > extra.byteLength) continue;
      entry[field] = number64(extra, next);
      next += 8;
    }
  }
}

/** The directory tells where an entry's local header is; the data follow that and its two tails. */
async function locateData(source: ByteSource, entry: ListedEntry): Promise<ZipEntry> {
  const { name, flags, method, checksum, compressedSize, size, headerOffset } = entry;
  if (method !== 0 || (flags & ENCRYPTED) !== 0) {
    throw damaged(source, `entry ${name} is compressed or encrypted, expected it to be stored`);
  }
  if (compressedSize !== size) throw damaged(source, `entry ${name} has two different sizes`);
  const header = await readRecord(source, headerOffset, LOCAL_HEADER);
  const tails = header.getUint16(26, true) + header.getUint16(28, true);
  const offset = headerOffset + LOCAL_HEADER.length + tails;
  if (offset + size > source.byteLength) {
    throw damaged(source, `entry ${name} ends after the end of the file`);
  }
  return { name, offset, byteLength: size, checksum };
}

/** Nothing is ever unpacked; but who writes such a name is up to something. */
function checkName(source: ByteSource, name: string): void {
  if (name.split(/[/\\]/).includes("..")) {
    throw damaged(source, `entry ${name} would lie outside of its folder`);
  }
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

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function damaged(source: ByteSource, why: string): InputError {
  return new InputError(`${source.name} is no usable zip file: ${why}`);
}
