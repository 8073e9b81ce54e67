/**
 * Finds the directory of a zip file from the records at the file's end.
 *
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.14 to 4.3.16.
 *
 * @module
 */
import type { ByteSource } from "../files/byte_source.ts";
import { damagedZip, number64, readRecord, viewOf } from "./zip_records.ts";

/** Signatures and fixed lengths (bytes) of the records, from the source above. */
const END_RECORD = { signature: 0x06054b50, length: 22 };
const ZIP64_LOCATOR = { signature: 0x07064b50, length: 20 };
const ZIP64_END_RECORD = { signature: 0x06064b50, length: 56 };

/** The end record may be followed by a comment of at most so many bytes. */
const MAX_COMMENT_BYTES = 0xffff;
/** What 16- and 32-bit fields hold when the true value stands in the zip64 record. */
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffffffff;

/** Where the directory lies. */
export interface DirectoryRange {
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number;
  /** Its length, in bytes. */
  readonly byteLength: number;
  /** How many entries it is said to have. */
  readonly count: number;
}

/**
 * Follows the end record, and the zip64 one before it, to the directory.
 *
 * @throws {InputError} If there is none, or the records can be read in two ways: if a second archive
 * ends where the file does, if the two records disagree, or if anything lies between the directory
 * and them.
 */
export async function findZipEnd(source: ByteSource): Promise<DirectoryRange> {
  const { record, start, tail, tailStart } = await readEndRecord(source);
  const short: DirectoryRange = {
    byteLength: record.getUint32(12, true),
    offset: record.getUint32(16, true),
    count: record.getUint16(10, true),
  };
  const locator = start - ZIP64_LOCATOR.length;
  const hasLocator = locator >= tailStart &&
    tail.getUint32(locator - tailStart, true) === ZIP64_LOCATOR.signature;
  const zip64 = hasLocator || isCutShort(short)
    ? await readZip64(source, locator, short)
    : undefined;
  const { offset, byteLength, count } = zip64 ?? short;
  const end = zip64?.start ?? start;
  if (offset + byteLength > end) {
    throw damagedZip(source, `its directory claims bytes ${offset} to ${offset + byteLength}`);
  }
  const disks = [record.getUint16(4, true), record.getUint16(6, true)];
  const isWhole = disks.every((disk) => disk === 0 || disk === IN_ZIP64_16);
  if (offset + byteLength !== end || !isWhole) throw damagedZip(source, "its directory is damaged");
  const other = record.getUint16(8, true); // how many of the entries are on this disk: all of them
  if (other !== count && other !== IN_ZIP64_16) {
    throw damagedZip(source, `it can be read in two ways: it claims ${count} and ${other} entries`);
  }
  return { offset, byteLength, count };
}

/** The end record is the last thing in the file, unless a comment follows it. */
async function readEndRecord(source: ByteSource): Promise<
  { record: DataView; start: number; tail: DataView; tailStart: number }
> {
  const length = ZIP64_LOCATOR.length + END_RECORD.length + MAX_COMMENT_BYTES;
  const tailStart = Math.max(0, source.byteLength - length);
  const view = viewOf(await source.read(tailStart, source.byteLength));
  // Readers take the last such record, or the first whose comment ends with the file.
  const last = lastRecord(view, view.byteLength);
  if (last === -1) {
    throw damagedZip(source, "it has no directory at its end; it may be truncated");
  }
  if (!endsWithFile(view, last)) {
    throw damagedZip(source, "what follows its directory is damaged, or the file truncated");
  }
  for (let at = lastRecord(view, last); at !== -1; at = lastRecord(view, at)) {
    if (endsWithFile(view, at)) {
      throw damagedZip(source, "it can be read in two ways: two archives end where the file does");
    }
  }
  const record = new DataView(view.buffer, view.byteOffset + last, END_RECORD.length);
  return { record, start: tailStart + last, tail: view, tailStart };
}

/** Where the last end record begins before `end`; -1 if there is none. */
function lastRecord(view: DataView, end: number): number {
  let at = Math.min(end - 1, view.byteLength - END_RECORD.length);
  while (at >= 0 && view.getUint32(at, true) !== END_RECORD.signature) at--;
  return Math.max(at, -1);
}

function endsWithFile(view: DataView, at: number): boolean {
  return at + END_RECORD.length + view.getUint16(at + 20, true) === view.byteLength;
}

/** Whether a field is too short for what it is to hold. */
function isCutShort({ offset, byteLength, count }: DirectoryRange): boolean {
  return offset === IN_ZIP64_32 || byteLength === IN_ZIP64_32 || count === IN_ZIP64_16;
}

/** What the zip64 end record says. Whether it is needed or not, many readers go by it. */
async function readZip64(
  source: ByteSource,
  locatorStart: number,
  short: DirectoryRange,
): Promise<DirectoryRange & { start: number }> {
  const locator = await readRecord(source, locatorStart, ZIP64_LOCATOR);
  const start = number64(locator, 8);
  const record = await readRecord(source, start, ZIP64_END_RECORD);
  if (start + 12 + number64(record, 4) !== locatorStart) {
    throw damagedZip(source, "its directory is damaged");
  }
  const long = {
    count: number64(record, 32),
    byteLength: number64(record, 40),
    offset: number64(record, 48),
  };
  const agrees = [long.count, IN_ZIP64_16].includes(short.count) &&
    [long.byteLength, IN_ZIP64_32].includes(short.byteLength) &&
    [long.offset, IN_ZIP64_32].includes(short.offset) && number64(record, 24) === long.count;
  if (!agrees) {
    throw damagedZip(source, "it can be read in two ways: its two end records disagree");
  }
  return { ...long, start };
}
