/**
 * Finds where the entries of a zip file lie, without reading them.
 *
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3 to 4.5. A
 * reader of our own, because general ones read 64 KiB at a time where a checkpoint's directory
 * needs a few, and stumble over the zip64 records that PyTorch writes into small files.
 *
 * @module
 */
import type { ByteSource } from "../files/byte_source.ts";
import { UntrustedMap, UntrustedSet } from "../files/untrusted_keys.ts";
import { findZipEnd } from "./zip_end.ts";
import type { ZipEntry } from "./zip_entry.ts";
import { IN_ZIP64_32, type ListedEntry, listEntries } from "./zip_listing.ts";
import { damagedZip as damaged, readRecord } from "./zip_records.ts";

/** What is accepted in a zip file. */
export interface ZipOptions {
  /** Whether entries may be deflated. Default: no. */
  readonly deflated?: boolean | undefined;
}

/** How an entry's own header begins and its fixed length, in bytes, from the source above. */
const LOCAL_HEADER = { signature: 0x04034b50, length: 30 };

/** The longest directory that is read, in bytes. */
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20;
/** How many entries are located at most: each costs a read. Checkpoints have some thousand. */
const MAX_ENTRIES = 50_000;
/** The method of an entry that is deflated. */
const DEFLATE = 8;
/** Bits of an entry's flags that mean encryption: of its data, strong, of the directory. */
const ENCRYPTED = 0x2041;

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
